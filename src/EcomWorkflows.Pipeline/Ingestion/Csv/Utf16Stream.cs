using System.Text;
using EcomWorkflows.Pipeline.Ingestion.Compression;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Text in UTF-16 as UTF-8, of the byte order its mark says; without one, the little-endian order of nearly all programs that write it. Owns the bytes.</summary>
/// <remarks>Nothing is read before the first text is asked for: bytes that cannot be unpacked are told then, as those of any other text.</remarks>
internal sealed class Utf16Stream(Stream bytes) : ReadOnlyStream
{
    private Stream? text;

    /// <param name="start">The first bytes of a text.</param>
    public static Encoding EncodingOf(ReadOnlySpan<byte> start) => start is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode : Encoding.Unicode;

    public override int Read(Span<byte> buffer) => (text ??= Begin()).Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            (text ?? bytes).Dispose();
        base.Dispose(disposing);
    }

    private Stream Begin()
    {
        var start = new byte[2];
        var read = bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return Encoding.CreateTranscodingStream(new PrefixedStream(start.AsMemory(0, read), bytes), EncodingOf(start.AsSpan(0, read)), Encoding.UTF8);
    }
}
