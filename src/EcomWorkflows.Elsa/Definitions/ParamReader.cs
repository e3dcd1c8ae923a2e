using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads the definition's inputs as DAG parameters; a parameter's default is the definition variable of the same name.</summary>
internal sealed class ParamReader(ProblemList problems)
{
    /// <summary>Member of an input that lists the values it may have: JSON schema's, which Airflow's params have too.</summary>
    public const string AllowedMember = "enum";

    /// <summary>Members of a definition that are lists of objects.</summary>
    public static IReadOnlyList<string> Lists { get; } = ["variables", "inputs", "outputs"];

    /// <summary>What is no list, or no object in one: Studio cannot open a definition with such.</summary>
    public static IEnumerable<DagProblem> Misfits(JsonObject definition)
    {
        foreach (var list in Lists)
        {
            if (definition[list] is { } given and not JsonArray)
                yield return new DagProblem(list, $"Expected a list of objects with a name, found {Json.Shown(given)}.");
            foreach (var (item, index) in ((definition[list] as JsonArray) ?? []).Select((item, index) => (item, index)).Where(found => found.item is not JsonObject))
                yield return new DagProblem($"{list}[{index}]", $"Expected an object with a name, found {Json.Shown(item)}.");
        }
    }

    public IReadOnlyList<DagParam> Read(JsonObject definition)
    {
        problems.Add(Misfits(definition));
        var defaults = definition.Objects("variables")
            .Where(variable => variable.Text("name") is not null)
            .GroupBy(variable => variable.Text("name")!)
            .ToDictionary(same => same.Key, same => same.First()["value"]);
        return [.. definition.Objects("inputs").Select((input, index) => Read(input, index, defaults)).OfType<DagParam>()];
    }

    private DagParam? Read(JsonObject input, int index, Dictionary<string, JsonNode?> defaults)
    {
        var name = input.Text("name");
        if (string.IsNullOrWhiteSpace(name))
        {
            problems.Add($"inputs[{index}].name", "The parameter has no name. Give it one made of letters, digits and '_'.");
            return null;
        }
        var elsaType = input.Text("type") ?? "";
        var type = ParamTypes.ToJsonType(elsaType, input["isArray"]?.GetValueKind() == JsonValueKind.True);
        if (type is null)
        {
            problems.Add($"param '{name}'.type", $"'{elsaType}' is not a parameter type. Use one of {string.Join(", ", ParamTypes.Known)}.{Suggestion.For(elsaType, ParamTypes.Known)}");
            return new DagParam(name, "string", Description(input), null);
        }
        return new DagParam(name, type, Description(input), Default(name, type, defaults.GetValueOrDefault(name)), Allowed(name, type, input[AllowedMember]));
    }

    private IReadOnlyList<JsonNode>? Allowed(string name, string type, JsonNode? given)
    {
        if (given is null)
            return null;
        if (given is not JsonArray values)
        {
            problems.Add($"param '{name}'.{AllowedMember}", $"Expected a list of the allowed values such as [\"a\", \"b\"], found {Json.Shown(given)}.");
            return null;
        }
        var allowed = new List<JsonNode>();
        foreach (var (value, index) in values.Select((value, index) => (value, index)))
        {
            Misfit? misfit = null;
            if (value is not null && InputConversion.TryConvert(value, ParamTypes.ClrType(type), out misfit) is { } converted)
                allowed.Add(converted);
            else
                problems.Add($"param '{name}'.{AllowedMember}[{index}]", $"{Json.Shown(value)} cannot be a value of parameter '{name}': expected {misfit?.Expected ?? type}.");
        }
        return allowed;
    }

    private static string? Description(JsonObject input) => input.Text("description") is { Length: > 0 } text ? text : null;

    private JsonNode? Default(string name, string type, JsonNode? value)
    {
        var cleared = value is null || (type != "string" && value.GetValueKind() == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetValue<string>()));
        if (cleared)
            return null;
        var converted = InputConversion.TryConvert(value!, ParamTypes.ClrType(type), out var misfit);
        if (converted is null)
            problems.Add($"variable '{name}'.value", $"{Json.Shown(value)} cannot be the default of parameter '{name}': expected {misfit!.Expected}.");
        return converted;
    }
}
