using System.Text;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>One item of a list as a record: a member per column, numbers and truth values as their text.</summary>
internal sealed class JsonItem(long line, string raw, JsonElement element, IReadOnlyList<string> columns) : IRecord
{
    private readonly byte[] rawBytes = Encoding.UTF8.GetBytes(raw);

    public long Line => line;

    public ReadOnlySpan<byte> Raw => rawBytes;

    public bool TryField(int column, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!element.TryGetProperty(columns[column], out var value) || value.ValueKind == JsonValueKind.Null)
            return false;
        text = Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
        return true;
    }
}
