using System.Text;
using System.Text.Json;

namespace EcomWorkflows.Orchestration;

/// <summary>A member that a JSON object has twice: readers would take one of them, and nobody knows which.</summary>
/// <param name="Path">The object's place, <c>root.activities[0]</c>; empty for the whole document.</param>
/// <param name="First">Line of the first one, from 1.</param>
/// <param name="Line">Line of the second one, from 1.</param>
/// <param name="Column">Column of the second one, from 1.</param>
public sealed record DuplicateMember(string Name, string Path, int First, int Line, int Column)
{
    /// <summary>What is wrong and what to do.</summary>
    public string Message => $"{(Path.Length == 0 ? "The document" : Path)} has the member '{Name}' twice, first on line {First}. Remove one of them.";

    /// <summary>The first duplicate of a JSON text; null where there is none.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static DuplicateMember? Find(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var open = new Stack<Container>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    var path = open.TryPeek(out var parent) ? parent.Next() : "";
                    open.Push(new Container(path, reader.TokenType == JsonTokenType.StartArray));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    var name = reader.GetString()!;
                    if (open.Peek().TryAdd(name, (int)reader.TokenStartIndex) is not { } first)
                        break;
                    var (line, column) = Place(bytes, (int)reader.TokenStartIndex);
                    return new DuplicateMember(name, open.Peek().Path, Place(bytes, first).Line, line, column);
                default:
                    open.TryPeek(out var owner);
                    owner?.Next();
                    break;
            }
        }
        return null;
    }

    private static (int Line, int Column) Place(byte[] json, int at)
    {
        var before = json.AsSpan(0, at);
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }

    /// <summary>An object or array that is being read.</summary>
    private sealed class Container(string path, bool isArray)
    {
        private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
        private string member = "";
        private int index;

        public string Path => path;

        /// <summary>Path of the value that comes now.</summary>
        public string Next() => isArray ? $"{path}[{index++}]" : path.Length == 0 ? member : $"{path}.{member}";

        /// <returns>Where the name stands already; null where it is new.</returns>
        public int? TryAdd(string name, int place)
        {
            member = name;
            return places.TryAdd(name, place) ? null : places[name];
        }
    }
}
