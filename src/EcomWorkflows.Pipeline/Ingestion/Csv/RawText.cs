using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Compression;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Opens raw files as UTF-8 text.</summary>
internal static class RawText
{
    /// <exception cref="TaskFailedException">The file begins with the mark of another encoding than the declared one.</exception>
    public static Stream Open(RawInput input, CsvFormat format)
    {
        var bytes = RawBytes.Open(input);
        try
        {
            // A mark can be seen only where the file is not packed; lines in another encoding are rejected in any case.
            if (bytes is FileStream file && format.EncodingName != "utf-16" && (StartsWith(file, [0xFF, 0xFE]) || StartsWith(file, [0xFE, 0xFF])))
                throw new TaskFailedException(
                    $"{input.Name} begins with the byte order mark of UTF-16, but the source mapping says {format.EncodingName}: set \"encoding\": \"utf-16\" in the mapping, or export the file as {format.EncodingName}.",
                    FailureCause.BadData, retryable: false);
            return format.ToUtf8(bytes);
        }
        catch
        {
            bytes.Dispose();
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
