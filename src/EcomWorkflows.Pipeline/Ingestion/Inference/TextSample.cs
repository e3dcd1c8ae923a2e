using System.Text;
using EcomWorkflows.Pipeline.Ingestion.Csv;

namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>The beginning of a file, and what it is written in.</summary>
/// <param name="Encoding">As mappings name it.</param>
/// <param name="Utf8">The text, cut after its last whole line.</param>
internal sealed record TextSample(string Encoding, byte[] Utf8)
{
    /// <summary>How much of a file is looked at.</summary>
    public const int SampleBytes = 4 << 20;

    public static TextSample Read(Stream stream)
    {
        var bytes = new byte[SampleBytes];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var isWhole = read < bytes.Length;
        var start = bytes.AsSpan(0, read);
        var encoding = EncodingOf(start);
        var text = encoding switch
        {
            "utf-8" => start.ToArray(),
            "utf-16" => System.Text.Encoding.UTF8.GetBytes(Utf16Stream.EncodingOf(start).GetString(start)),
            "latin-1" => System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.Latin1.GetString(start)),
            _ => System.Text.Encoding.UTF8.GetBytes(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(start)),
        };
        var lastLine = text.AsSpan().LastIndexOf((byte)'\n');
        return new TextSample(encoding, isWhole || lastLine < 0 ? text : text[..(lastLine + 1)]);
    }

    private static string EncodingOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return "utf-16";
        // The sample may end within a character.
        if (System.Text.Unicode.Utf8.IsValid(bytes) || (bytes.LastIndexOf((byte)'\n') is > 0 and var end && System.Text.Unicode.Utf8.IsValid(bytes[..end])))
            return "utf-8";
        // Latin-1 has control characters where Windows has quotes, dashes and the euro.
        return bytes.ContainsAnyInRange((byte)0x80, (byte)0x9F) ? "windows-1252" : "latin-1";
    }
}
