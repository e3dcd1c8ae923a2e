using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Compares JSON with the type it is to be read as, and says every difference with its place, where reading itself stops at the first.</summary>
internal static class JsonShape
{
    private const int LongestShown = 80;

    /// <param name="path">Where the value stands; empty for the whole file.</param>
    public static IEnumerable<string> Problems(JsonNode? value, Type type, string path = "")
    {
        if (Scalar(Nullable.GetUnderlyingType(type) ?? type) is var (allowed, isOne))
            return value is not null && isOne(value) ? [] : [Wrong(path, allowed, value)];
        var info = TaskJson.Options.GetTypeInfo(type);
        return (info.Kind, value) switch
        {
            (JsonTypeInfoKind.Enumerable, JsonArray list) => list.SelectMany((item, index) => Problems(item, info.ElementType!, $"{path}[{index}]")),
            (JsonTypeInfoKind.Enumerable, _) => [Wrong(path, "a list", value)],
            (JsonTypeInfoKind.Dictionary, JsonObject map) => map.SelectMany(member => Problems(member.Value, info.ElementType!, Below(path, member.Key))),
            (JsonTypeInfoKind.Object, JsonObject members) => OfMembers(members, info, path),
            _ => [Wrong(path, "an object", value)],
        };
    }

    /// <summary>The member of that name, however its letters are written; null where there is none.</summary>
    public static JsonNode? Member(JsonNode? parent, string name) =>
        (parent as JsonObject)?.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Whether a member is for people and editors, as <c>$schema</c>, <c>x-owner</c> and <c>notes</c> are.</summary>
    public static bool IsNote(string name) => name[..Math.Min(name.Length, 2)] is ['$', ..] or "x-" || name is "notes";

    public static string Unknown(string path, string name, IReadOnlyList<string> known) =>
        $"{Below(path, name)}: there is no such member.{Suggestion.For(name, known)} Known members: {string.Join(", ", known)}.";

    private static string Wrong(string path, string allowed, JsonNode? got) => $"{path}: allowed is {allowed}; got {Shown(got)}.";

    private static IEnumerable<string> OfMembers(JsonObject given, JsonTypeInfo info, string path)
    {
        var members = info.Properties.Where(property => !property.IsExtensionData && (property.Set ?? (object?)property.AssociatedParameter) is not null).ToList();
        foreach (var member in members)
        {
            var value = Member(given, member.Name);
            var place = Below(path, member.Name);
            if (value is not null)
            {
                foreach (var problem in Problems(value, member.PropertyType, place))
                    yield return problem;
            }
            else if (member.AssociatedParameter is { HasDefaultValue: false, IsNullable: false })
            {
                yield return $"{place}: it is missing; allowed is {Allowed(member.PropertyType)}.";
            }
            else if (given.Any(one => one.Value is null && one.Key.Equals(member.Name, StringComparison.OrdinalIgnoreCase)) && !(member.AssociatedParameter?.IsNullable ?? member.IsSetNullable))
            {
                yield return $"{Wrong(place, Allowed(member.PropertyType), null)} Leave it out for its default.";
            }
        }
        string[] known = [.. members.Select(member => member.Name)];
        // Where members of one's own are kept, only what is nearly one of ours was meant to be it.
        var isOpen = info.Properties.Any(property => property.IsExtensionData);
        foreach (var (name, _) in given)
        {
            if (!IsNote(name) && !known.Contains(name, StringComparer.OrdinalIgnoreCase) && (!isOpen || Suggestion.For(name, known).Length > 0))
                yield return Unknown(path, name, known);
        }
    }

    private static string Allowed(Type type) => Scalar(Nullable.GetUnderlyingType(type) ?? type) is var (allowed, _) ? allowed
        : TaskJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? "a list" : "an object";

    private static (string Allowed, Func<JsonNode, bool> IsOne)? Scalar(Type type) => type switch
    {
        _ when type == typeof(string) => ("a text", value => value.GetValueKind() == JsonValueKind.String),
        _ when type == typeof(int) => ("a whole number", IsWhole),
        _ when type == typeof(JsonObject) => ("an object", value => value is JsonObject),
        { IsEnum: true } => ($"one of {string.Join(", ", Names(type))}", value => Names(type).Contains(value.ToString(), StringComparer.OrdinalIgnoreCase)),
        _ => null,
    };

    private static IEnumerable<string> Names(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private static bool IsWhole(JsonNode value) => value is JsonValue && int.TryParse(value.ToString(), out _);

    private static string Shown(JsonNode? value)
    {
        var text = value?.ToReadableText() ?? "null";
        return text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");
    }
}
