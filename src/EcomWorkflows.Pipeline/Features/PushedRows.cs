using System.Globalization;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Reads the rows of a push; says of a value that does not fit where it is and what is allowed.</summary>
internal sealed class PushedRows(FeatureView view, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> columns)
{
    /// <summary>Rows one push may hold.</summary>
    public const int MaxRows = 10_000;

    /// <exception cref="FeatureRequestException">A column is missing, unknown, of another length, or holds a value that does not fit.</exception>
    public IReadOnlyList<Online.OnlineStoreRow> Read()
    {
        string[] expected = [.. view.JoinKeys, view.From.Timestamp, .. view.Features.Select(f => f.Name)];
        if (expected.Except(columns.Keys).ToArray() is { Length: > 0 } missing)
            throw Malformed($"df lacks {string.Join(", ", missing)}; a row of '{view.Name}' needs {string.Join(", ", expected)}.");
        if (columns.Keys.Except(expected).Except(view.From.Created is { } created ? [created] : []).FirstOrDefault() is { } unknown)
            throw Malformed($"df holds '{unknown}', which '{view.Name}' does not have; it has {string.Join(", ", expected)}.");
        if (columns.FirstOrDefault(c => c.Value is null) is { Key: { } none })
            throw Malformed($"df.{none} is null; give a list with one value per row.");
        var count = columns[expected[0]].Count;
        if (columns.FirstOrDefault(c => c.Value.Count != count) is { Key: { } shorter, Value: { } values })
            throw Malformed($"df.{shorter} has {values.Count} values, df.{expected[0]} has {count}; all need one per row.");
        if (count > MaxRows)
            throw Malformed($"df has {count} rows; at most {MaxRows} are taken at once.");
        return [.. Enumerable.Range(0, count).Select(Row)];
    }

    private Online.OnlineStoreRow Row(int row)
    {
        var keys = view.JoinKeys.Select(key => columns[key][row] switch
        {
            { ValueKind: JsonValueKind.String } text when !text.GetString()!.AsSpan().ContainsAny('\0', '\u001E', '\u001F') => text.GetString()!,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var whole) => whole.ToString(CultureInfo.InvariantCulture),
            var other => throw Wrong(key, row, other, "texts without the control characters U+0000, U+001E and U+001F, and whole numbers"),
        });
        var values = view.Features.Select(f => Value(f, row)).ToArray();
        return new Online.OnlineStoreRow(string.Join('\u001F', keys), Time(view.From.Timestamp, row), PackedValues.Pack(view.Features, values));
    }

    private object? Value(FeatureDefinition feature, int row)
    {
        var value = columns[feature.Name][row];
        return (feature.Type, value.ValueKind) switch
        {
            (_, JsonValueKind.Null) => null,
            (FeatureType.Double, JsonValueKind.Number) when double.IsFinite(value.GetDouble()) => value.GetDouble(),
            (FeatureType.Int64, JsonValueKind.Number) when value.TryGetInt64(out var whole) => whole,
            (FeatureType.Bool, JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
            (FeatureType.String, JsonValueKind.String) => value.GetString(),
            (FeatureType.Timestamp, _) => Time(feature.Name, row),
            _ => throw Wrong(feature.Name, row, value, $"values of type {feature.Type.Name()}, and null"),
        };
    }

    private DateTimeOffset Time(string column, int row)
    {
        var value = columns[column][row];
        return value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Wrong(column, row, value, "times as 2026-02-21T00:00:00Z");
    }

    private static FeatureRequestException Wrong(string column, int row, JsonElement value, string allowed) => Malformed($"df.{column}[{row}] is {value.GetRawText()}; allowed are {allowed}.");

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);
}
