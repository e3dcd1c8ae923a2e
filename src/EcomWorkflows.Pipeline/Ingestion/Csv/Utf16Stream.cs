using System.Text;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Text in UTF-16, of the byte order its mark says; without one, the little-endian order of nearly all programs that write it.</summary>
internal static class Utf16Stream
{
    public static Stream ToUtf8(Stream bytes)
    {
        var start = new byte[2];
        var read = bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return Encoding.CreateTranscodingStream(new PrefixedStream(start.AsMemory(0, read), bytes), EncodingOf(start.AsSpan(0, read)), Encoding.UTF8);
    }

    /// <param name="start">The first bytes of a text.</param>
    public static Encoding EncodingOf(ReadOnlySpan<byte> start) => start is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode : Encoding.Unicode;
}
