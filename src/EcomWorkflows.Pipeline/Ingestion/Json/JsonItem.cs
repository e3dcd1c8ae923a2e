using System.Text;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Ingestion.Json;

/// <summary>A line of JSON as a record: a member per column, numbers and truth values as their text.</summary>
internal sealed class JsonItem(long line, ReadOnlyMemory<byte> raw, JsonElement element, string[][] paths) : IRecord
{
    public long Line => line;

    public ReadOnlySpan<byte> Raw => raw.Span;

    public bool TryField(int column, out ReadOnlySpan<byte> text)
    {
        text = default;
        var value = element;
        foreach (var member in paths[column])
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out value))
                return false;
        }
        if (value.ValueKind == JsonValueKind.Null)
            return false;
        text = Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
        return true;
    }
}
