using System.IO.Compression;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Opens raw files as UTF-8 text.</summary>
internal static class RawText
{
    private const int ReadAhead = 1 << 18;

    /// <exception cref="TaskFailedException">The file begins with the mark of another encoding than the declared one.</exception>
    public static Stream Open(string path, string name, CsvFormat format)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, ReadAhead, FileOptions.SequentialScan);
        try
        {
            Stream bytes = file;
            if (StartsWith(file, [0x1F, 0x8B]))
                bytes = new ReadAheadStream(new GZipStream(file, CompressionMode.Decompress));
            else if (format.EncodingName != "utf-16" && (StartsWith(file, [0xFF, 0xFE]) || StartsWith(file, [0xFE, 0xFF])))
                throw new TaskFailedException(
                    $"{name} begins with the byte order mark of UTF-16, but the source mapping says {format.EncodingName}: set \"encoding\": \"utf-16\" in the mapping, or export the file as {format.EncodingName}.",
                    FailureCause.BadData, retryable: false);
            return format.ToUtf8(bytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool StartsWith(FileStream file, ReadOnlySpan<byte> mark)
    {
        Span<byte> start = stackalloc byte[mark.Length];
        var read = file.ReadAtLeast(start, mark.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == mark.Length && start.SequenceEqual(mark);
    }
}
