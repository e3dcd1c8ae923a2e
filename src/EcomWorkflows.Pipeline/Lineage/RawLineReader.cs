using System.Text;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Reads lines of raw files in the lake, plain or packed.</summary>
internal sealed class RawLineReader(LakeStore lake)
{
    private const int LongestLine = 2_000;

    /// <param name="around">Lines before and after the one asked for.</param>
    public RawLines Read(RawFileRow file, long line, int around, CancellationToken cancellationToken)
    {
        var path = lake.Absolute(file.Path);
        var found = new RawLines(file.Id, file.Source, file.Entity, file.Path, file.Original, file.Sha256, file.Bytes, file.RunId, file.AttemptId, line, [], HashHolds: false, null);
        if (file.Path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            return found with { HashHolds = File.Exists(path) && ModelLoader.Sha256(path) == file.Sha256, Problem = $"a Parquet file has no lines; what is called line {line} is its row {line}" };
        try
        {
            var lines = Lines(path, Math.Max(1, line - around), line + around, cancellationToken);
            return found with
            {
                Lines = lines,
                HashHolds = ModelLoader.Sha256(path) == file.Sha256,
                Problem = lines.Any(l => l.Number == line) ? null : $"the file has no line {line}",
            };
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return found with { Problem = $"{path} is gone; a dataset version of {file.Source}/raw has its content: ./ecom datasets log {file.Source}/raw" };
        }
        catch (Exception damaged) when (damaged is InvalidDataException or TaskFailedException)
        {
            return found with { Problem = $"{path} cannot be unpacked: {damaged.Message}" };
        }
    }

    private static List<RawLineText> Lines(string path, long first, long last, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        using var content = RawBytes.Open(new RawInput(path, name, RawBytes.Members(path, name)?[0]));
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
        var lines = new List<RawLineText>();
        for (var number = 1L; number <= last && reader.ReadLine() is { } text; number++)
        {
            if (number >= first)
                lines.Add(new RawLineText(number, text.Length > LongestLine ? text[..LongestLine] + "…" : text));
            if (number % 65_536 == 0)
                cancellationToken.ThrowIfCancellationRequested();
        }
        return lines;
    }
}
