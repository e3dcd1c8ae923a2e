using System.Text;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>A JSON value that knows its line, so that whatever is wrong with it can be said with its place.</summary>
/// <param name="Place">Path from the root, for example <c>views[0].ttl</c>.</param>
internal sealed record LocatedJson(JsonValueKind Kind, int Line, string Place)
{
    public IReadOnlyDictionary<string, LocatedJson> Members { get; private init; } = new Dictionary<string, LocatedJson>();

    public IReadOnlyList<LocatedJson> Items { get; private init; } = [];

    /// <summary>The text of a string, the digits of a number.</summary>
    public string Text { get; private init; } = "";

    /// <exception cref="JsonException">The text is not JSON, or an object names a member twice.</exception>
    public static LocatedJson Parse(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var lines = new Lines(bytes);
        reader.Read();
        var root = Value(ref reader, lines, "");
        while (reader.Read())
        {
            // Anything after the root makes the reader throw.
        }
        return root;
    }

    private static LocatedJson Value(ref Utf8JsonReader reader, Lines lines, string place)
    {
        var line = lines.At((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, LocatedJson>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var at = lines.At((int)reader.TokenStartIndex);
                    reader.Read();
                    if (!members.TryAdd(name, Value(ref reader, lines, place.Length == 0 ? name : $"{place}.{name}")))
                        throw new JsonException($"\"{name}\" is given twice", place, at - 1, 0);
                }
                return new LocatedJson(JsonValueKind.Object, line, place) { Members = members };
            case JsonTokenType.StartArray:
                var items = new List<LocatedJson>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Value(ref reader, lines, $"{place}[{items.Count}]"));
                return new LocatedJson(JsonValueKind.Array, line, place) { Items = items };
            case JsonTokenType.String:
                return new LocatedJson(JsonValueKind.String, line, place) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new LocatedJson(JsonValueKind.Number, line, place) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True or JsonTokenType.False:
                return new LocatedJson(reader.TokenType == JsonTokenType.True ? JsonValueKind.True : JsonValueKind.False, line, place);
            default:
                return new LocatedJson(JsonValueKind.Null, line, place);
        }
    }

    /// <summary>Counts lines forward, as the reader goes.</summary>
    private sealed class Lines(byte[] bytes)
    {
        private int counted;
        private int line = 1;

        public int At(int position)
        {
            line += bytes.AsSpan(counted, position - counted).Count((byte)'\n');
            counted = position;
            return line;
        }
    }
}
