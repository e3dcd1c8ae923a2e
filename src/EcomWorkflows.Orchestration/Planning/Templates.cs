using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Templates in task inputs: <c>{{ name }}</c>. The names are a closed set, so a wrong one is found when the DAG is imported.</summary>
public static partial class Templates
{
    private static readonly string[] Names =
        ["ds", "logical_date", "data_interval_start", "data_interval_end", "run_id", "dag_id", "task_id", "try_number"];

    /// <summary>Everything wrong with the templates in a text.</summary>
    public static IReadOnlyList<string> Problems(string text, IReadOnlySet<string> paramNames)
    {
        var problems = new List<string>();
        foreach (Match match in Template().Matches(text))
        {
            var name = match.Groups[1].Value;
            if (Names.Contains(name, StringComparer.Ordinal))
                continue;
            if (!name.StartsWith("params.", StringComparison.Ordinal))
                problems.Add($"'{{{{ {name} }}}}' is unknown; allowed: {string.Join(", ", Names)}, params.<name>");
            else if (!paramNames.Contains(name["params.".Length..]))
                problems.Add($"'{{{{ {name} }}}}' names a parameter the DAG does not declare; declared: {(paramNames.Count == 0 ? "none" : string.Join(", ", paramNames.Order(StringComparer.Ordinal)))}");
        }
        var rest = Template().Replace(text, "");
        if (rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal))
            problems.Add($"'{text}' has a template that is not closed or not of the form '{{{{ name }}}}'");
        return problems;
    }

    /// <summary>A copy of the inputs with every template filled in; a string that is nothing but one template takes the value with its JSON type.</summary>
    public static JsonObject Fill(JsonObject inputs, TemplateValues values) => (JsonObject)FillNode(inputs, values)!;

    private static JsonNode? FillNode(JsonNode? node, TemplateValues values) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, FillNode(m.Value, values)))),
        JsonArray items => new JsonArray([.. items.Select(i => FillNode(i, values))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => FillText(value.GetValue<string>(), values),
        _ => node?.DeepClone(),
    };

    private static JsonNode? FillText(string text, TemplateValues values)
    {
        var whole = Template().Match(text);
        return whole.Success && whole.Length == text.Length
            ? Value(whole.Groups[1].Value, values)?.DeepClone()
            : JsonValue.Create(Template().Replace(text, match => AsText(Value(match.Groups[1].Value, values))));
    }

    private static string AsText(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : node?.ToJsonString() ?? "";

    private static JsonNode? Value(string name, TemplateValues values) => name switch
    {
        "ds" => values.LogicalDate.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "logical_date" => Instant(values.LogicalDate),
        "data_interval_start" => Instant(values.DataIntervalStart),
        "data_interval_end" => Instant(values.DataIntervalEnd),
        "run_id" => values.RunKey,
        "dag_id" => values.DagId,
        "task_id" => values.TaskId,
        "try_number" => values.TryNumber,
        _ when name.StartsWith("params.", StringComparison.Ordinal) && values.Params.TryGetPropertyValue(name["params.".Length..], out var value) => value,
        _ => throw new InvalidOperationException($"Template '{name}' passed the import check but has no value."),
    };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}")]
    private static partial Regex Template();
}
