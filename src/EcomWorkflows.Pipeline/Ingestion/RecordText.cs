using System.Text;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>A record as it is shown to people and kept with what is wrong with it.</summary>
internal static class RecordText
{
    private const int Longest = 10_000;

    /// <summary>Bytes as text; what is no UTF-8 is shown as the replacement character.</summary>
    /// <param name="longest">Bytes of which the rest is left out.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int longest = Longest) =>
        bytes.Length <= longest ? Encoding.UTF8.GetString(bytes) : Encoding.UTF8.GetString(bytes[..longest]) + "…";
}
