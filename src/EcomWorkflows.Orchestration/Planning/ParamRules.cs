using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Checks the parameters given to a run against those the DAG declares.</summary>
public static class ParamRules
{
    /// <summary>The run's parameters with defaults filled in, or what is wrong with the given ones.</summary>
    public static (JsonObject Params, IReadOnlyList<string> Problems) Resolve(IReadOnlyList<DagParam> declared, JsonObject? given)
    {
        var problems = new List<string>();
        var resolved = new JsonObject();
        foreach (var param in declared)
        {
            JsonNode? value = null;
            if (given?.TryGetPropertyValue(param.Name, out value) == true)
            {
                if (!Fits(param.Type, value))
                    problems.Add($"parameter '{param.Name}' must be {param.Type}, got {value?.ToReadableText() ?? "null"}");
                else if (!param.Allows(value))
                    problems.Add($"parameter '{param.Name}' must be one of {param.AllowedText}, got {value!.ToReadableText()}");
                resolved[param.Name] = value?.DeepClone();
            }
            else if (param.Default is null)
            {
                problems.Add($"parameter '{param.Name}' ({param.Type}) has no default and was not given");
            }
            else
            {
                resolved[param.Name] = param.Default.DeepClone();
            }
        }
        foreach (var name in given?.Select(g => g.Key).Where(name => declared.All(d => d.Name != name)) ?? [])
            problems.Add($"parameter '{name}' is not declared; declared: {(declared.Count == 0 ? "none" : string.Join(", ", declared.Select(d => d.Name)))}");
        return (resolved, problems);
    }

    private static bool Fits(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("string", JsonValueKind.String) => true,
        ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value!.AsValue().TryGetValue<long>(out _),
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("object", JsonValueKind.Object) => true,
        ("array", JsonValueKind.Array) => true,
        _ => false,
    };
}
