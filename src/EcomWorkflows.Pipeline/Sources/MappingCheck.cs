using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Preparation;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Says everything that is wrong with a source mapping, each with its place in the file. What depends on the delivery is left to ingestion.</summary>
internal static class MappingCheck
{
    private static readonly string[] Kinds = ["file", "rest", "postgres", "none"];

    /// <summary>What ingestion adds to each row.</summary>
    private static readonly string[] OwnColumns = ["_file", "_line", "_run"];

    public static bool IsOwnColumn(string name) => OwnColumns.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What to say of a column of a source that has the name of one of ingestion's own.</summary>
    public static string OwnColumn(string name) => $"'{name}' is a column that ingestion adds itself ({string.Join(", ", OwnColumns)}); rename it in the source";

    /// <param name="source">What the file's name asks for.</param>
    public static IReadOnlyList<string> Problems(JsonObject mapping, string source) =>
    [
        .. JsonShape.Problems(mapping, typeof(SourceMapping)),
        .. Text(mapping, "source") is { } named && named != source ? [$"source: the file's name asks for '{source}'; got '{named}'."] : Array.Empty<string>(),
        .. Members(mapping, "entities").SelectMany(entity => Entity(entity.Key, entity.Value)),
        .. Members(mapping, "silver").SelectMany(table => Silver(table.Key)),
    ];

    private static IEnumerable<string> Entity(string name, JsonNode? entity)
    {
        var path = $"entities.{name}";
        if (!SourceEntity.IsName(name))
            yield return $"{path}: {SourceEntity.NameRule}.";
        if (Text(entity, "kind") is not { } kind)
            yield break;
        if (!Kinds.Contains(kind))
            yield return $"{path}.kind: allowed is one of {string.Join(", ", Kinds)}; got '{kind}'.";
        // A run that is reading a file now has found it less than a day ago.
        if (JsonShape.Member(entity, "keepRawDays") is JsonValue days && int.TryParse(days.ToString(), out var kept) && kept < 1)
            yield return $"{path}.keepRawDays is {kept}; allowed are whole days, at least 1. Leave it out to keep raw files for ever.";
        foreach (var problem in Format(kind, JsonShape.Member(entity, "format") as JsonObject ?? [], $"{path}.format").Concat(Columns(entity, $"{path}.columns")))
            yield return problem;
    }

    private static IEnumerable<string> Format(string kind, JsonObject format, string path) =>
        FormatMembers.Known(kind, Text(format, "type")) is { } known
            ? format.Where(member => !known.Contains(member.Key) && !JsonShape.IsNote(member.Key)).Select(member => JsonShape.Unknown(path, member.Key, known))
            : [];

    private static IEnumerable<string> Columns(JsonNode? entity, string path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, column) in (JsonShape.Member(entity, "columns") as JsonArray ?? []).Index())
        {
            var (name, type) = (Text(column, "name"), Text(column, "type"));
            if (name is { Length: 0 })
                yield return $"{path}[{index}].name: it is empty; give the column's name.";
            else if (name is not null && IsOwnColumn(name))
                yield return $"{path}[{index}].name: {OwnColumn(name)}.";
            else if (name is not null && !seen.Add(name))
                yield return $"{path}[{index}].name: there is a column '{name}' before it; names are told apart without regard to capitals.";
            if (type is not null && ColumnType.Problem(type) is { } problem)
                yield return $"{path}[{index}].type: column '{name}' has type '{type}'; {problem}.";
        }
    }

    private static IEnumerable<string> Silver(string table)
    {
        string[] known = [.. CanonicalTable.All.Select(canonical => canonical.Name)];
        return known.Contains(table) ? [] : [$"silver.{table}: there is no such silver table.{Suggestion.For(table, known)} Silver tables: {string.Join(", ", known)}."];
    }

    private static JsonObject Members(JsonNode? parent, string name) => JsonShape.Member(parent, name) as JsonObject ?? [];

    private static string? Text(JsonNode? parent, string name) =>
        JsonShape.Member(parent, name) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
