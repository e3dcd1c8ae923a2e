using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Templates in task inputs: <c>{{ name | filter }}</c>. Names and filters are closed sets, so a wrong one is found when the DAG is imported.</summary>
public static class Templates
{
    /// <summary>Every name the templates in a value refer to.</summary>
    public static IEnumerable<TemplateName> Names(JsonNode? value) =>
        Texts(value)
            .SelectMany(text => TemplateParser.Parse(text, out _))
            .OfType<TemplatePart.Expression>()
            .Select(expression => expression.Head is TemplateHead.Name name ? TemplateName.Read(name.Path) : null)
            .OfType<TemplateName>();

    /// <summary>Every text inside a JSON value.</summary>
    public static IEnumerable<string> Texts(JsonNode? value) => value switch
    {
        JsonObject json => json.SelectMany(member => Texts(member.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => [scalar.GetValue<string>()],
        _ => [],
    };

    /// <summary>A copy of the inputs with every template filled in; a string that is nothing but one template takes the value with its JSON type.</summary>
    /// <exception cref="TemplateException">A name has no value in this run and no <c>default</c>.</exception>
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
        var parts = TemplateParser.Parse(text, out var problem);
        if (problem is not null)
            throw new TemplateException(problem);
        return parts switch
        {
            [TemplatePart.Expression whole] => Value(whole, values)?.DeepClone(),
            _ => string.Concat(parts.Select(part => part switch
            {
                TemplatePart.Text plain => plain.Value,
                TemplatePart.Expression inside => TemplateFilters.AsText(
                    Value(inside, values) ?? throw new TemplateException($"{inside.Source} is null, which cannot stand inside a text. Add | default: '…'.")),
                _ => throw new InvalidOperationException("TemplatePart is a closed set."),
            })),
        };
    }

    private static JsonNode? Value(TemplatePart.Expression expression, TemplateValues values)
    {
        JsonNode? value = null;
        string? missing = null;
        if (expression.Head is TemplateHead.Literal literal)
            value = literal.Value;
        else if (!TryValue(((TemplateHead.Name)expression.Head).Path, values, out value, out missing) && expression.Filters.All(f => f.Name != TemplateFilters.Default))
            throw new TemplateException($"{expression.Source} has no value: {missing}. Add | default: '…' if that is meant to happen.");
        foreach (var filter in expression.Filters)
        {
            // What has no value passes to the default, over the filters before it.
            if (missing is not null && filter.Name != TemplateFilters.Default)
                continue;
            missing = null;
            value = Apply(filter, value, expression);
        }
        return value;
    }

    private static JsonNode? Apply(TemplateFilterCall filter, JsonNode? value, TemplatePart.Expression expression)
    {
        try
        {
            return TemplateFilters.Apply(filter, value);
        }
        catch (TemplateException unsuitable)
        {
            throw new TemplateException($"{expression.Source}: {unsuitable.Message}");
        }
    }

    private static bool TryValue(string path, TemplateValues values, out JsonNode? value, out string? missing)
    {
        (value, missing) = (null, null);
        switch (TemplateName.Read(path))
        {
            case TemplateName.Fact fact:
                value = Fact(fact.Name, values);
                return true;
            case TemplateName.Param param:
                return TryInto(values.Params[param.Name], param.Path, $"parameter '{param.Name}'", out value, out missing);
            case TemplateName.MapItem item:
                return TryInto(values.MapItem, item.Path, "the mapped element", out value, out missing);
            case TemplateName.Output output:
                return TryOutput(output, values, out value, out missing);
            case TemplateName.Variable variable:
                var isSet = values.Variables.TryGetValue(variable.Name, out var text);
                (value, missing) = (isSet ? text : null, isSet ? null : $"variable '{variable.Name}' is not set (./ecom variables set {variable.Name})");
                return isSet;
            case TemplateName.Connection connection:
                return TryConnection(connection, values, out value, out missing);
            default:
                throw new TemplateException($"'{path}' is no name a template can use.");
        }
    }

    private static JsonNode Fact(string name, TemplateValues values) => name switch
    {
        "ds" => Formatted(values.LogicalDate, "yyyy-MM-dd"),
        "ds_nodash" => Formatted(values.LogicalDate, "yyyyMMdd"),
        "ts" or "logical_date" => TemplateFilters.Instant(values.LogicalDate),
        "ts_nodash" => Formatted(values.LogicalDate, "yyyyMMddTHHmmss"),
        "data_interval_start" => TemplateFilters.Instant(values.DataIntervalStart),
        "data_interval_end" => TemplateFilters.Instant(values.DataIntervalEnd),
        "run_id" => values.RunKey,
        "run_type" => values.RunType,
        "dag_id" => values.DagId,
        "task_id" => values.TaskId,
        "try_number" => values.TryNumber,
        "map_index" => values.MapIndex,
        _ => throw new InvalidOperationException($"Template name '{name}' has no value defined."),
    };

    private static string Formatted(DateTimeOffset at, string format) => at.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private static bool TryOutput(TemplateName.Output output, TemplateValues values, out JsonNode? value, out string? missing)
    {
        value = null;
        if (!values.Outputs.TryGetValue(output.TaskId, out var outputs))
        {
            missing = $"task '{output.TaskId}' has no outputs in this run (it was skipped, or failed)";
            return false;
        }
        var member = outputs is JsonArray instances
            ? new JsonArray([.. instances.Select(one => (one as JsonObject)?[output.Name]?.DeepClone())])
            : (outputs as JsonObject)?[output.Name];
        return TryInto(member, output.Path, $"output '{output.Name}' of task '{output.TaskId}'", out value, out missing);
    }

    private static bool TryConnection(TemplateName.Connection connection, TemplateValues values, out JsonNode? value, out string? missing)
    {
        (value, missing) = (null, null);
        if (!values.Connections.TryGetValue(connection.Name, out var fields))
        {
            missing = $"there is no connection '{connection.Name}'{Suggestion.For(connection.Name, values.Connections.Keys)} (./ecom connections set {connection.Name})";
            return false;
        }
        var isSet = fields.TryGetValue(connection.Field, out var text);
        (value, missing) = (isSet ? text : null, isSet ? null : $"connection '{connection.Name}' has no {connection.Field}");
        return isSet;
    }

    /// <summary>Follows member names and list positions into a value.</summary>
    private static bool TryInto(JsonNode? from, IReadOnlyList<string> path, string what, out JsonNode? value, out string? missing)
    {
        (value, missing) = (from, null);
        foreach (var step in path)
        {
            var (found, next) = value switch
            {
                JsonObject members => (members.TryGetPropertyValue(step, out var member), member),
                JsonArray list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => (true, list[index]),
                _ => (false, null),
            };
            if (!found)
            {
                missing = $"{what} has no '{step}'";
                value = null;
                return false;
            }
            value = next;
        }
        return true;
    }
}
