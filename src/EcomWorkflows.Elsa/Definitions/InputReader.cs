using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads declared inputs of an activity into their canonical JSON form; what cannot be read becomes a problem.</summary>
internal sealed class InputReader(ProblemList problems)
{
    /// <summary>Inputs of a task type: text may hold templates, and required inputs must be given.</summary>
    public JsonObject ReadInputs(JsonObject activity, IReadOnlyList<TaskPropertyDescriptor> properties, string place, TemplateCheck templates)
    {
        var values = new JsonObject();
        foreach (var property in properties)
        {
            var value = Value(activity, property, place, out var unusable);
            if (unusable)
                continue;
            if (value is null || (IsBlank(value) && (property.Required || property.Type != typeof(string))))
            {
                if (property.Required)
                    problems.Add(Place(place, property), $"The input is required{(property.Description.Length > 0 ? $" ({property.Description.TrimEnd('.')})" : "")}. Give it a value.");
                continue;
            }
            if (!templates.Applies(value))
                value = Convert(value, property, place);
            if (value is not null)
                values[Json.CamelCase(property.Name)] = value.Parent is null ? value : value.DeepClone();
        }
        return values;
    }

    /// <summary>Settings of a task or DAG: a cleared field is the default.</summary>
    public TSettings ReadSettings<TSettings>(JsonObject activity, IReadOnlyList<TaskPropertyDescriptor> properties, string place)
    {
        var values = new JsonObject();
        foreach (var property in properties)
        {
            var value = Value(activity, property, place, out _);
            if (value is not null && !IsBlank(value) && Convert(value, property, place) is { } converted)
                values[Json.CamelCase(property.Name)] = converted;
        }
        return values.Deserialize<TSettings>(TaskJson.Options)!;
    }

    private JsonNode? Value(JsonObject activity, TaskPropertyDescriptor property, string place, out bool unusable)
    {
        unusable = !InputValue.TryUnwrap(activity[Json.CamelCase(property.Name)], out var value, out var problem);
        if (unusable)
            problems.Add(Place(place, property), problem);
        return unusable ? null : value;
    }

    private JsonNode? Convert(JsonNode value, TaskPropertyDescriptor property, string place)
    {
        var converted = InputConversion.TryConvert(value, property.Type, out var misfit);
        if (converted is null)
        {
            problems.Add(Place(place, property) + misfit!.Place, misfit.Message);
        }
        else if (property.Range is { } range && !range.Holds(converted.Deserialize<double>(TaskJson.Options)))
        {
            problems.Add(Place(place, property), $"{converted.ToJsonString()} is out of range. Use {range}.");
        }
        else if (property.Options.Count > 0 && Chosen(converted).FirstOrDefault(chosen => !property.Options.Contains(chosen.ToString())) is { } unknown)
        {
            problems.Add(
                Place(place, property),
                $"{Json.Shown(unknown)} is not allowed: use one of {string.Join(", ", property.Options)}.{Suggestion.For(unknown.ToString(), property.Options)}");
        }
        return converted;
    }

    /// <summary>What was chosen of an input's options: one of them, or of a list each.</summary>
    private static IEnumerable<JsonNode> Chosen(JsonNode converted) => converted is JsonArray list ? list.OfType<JsonNode>() : [converted];

    private static bool IsBlank(JsonNode value) => value.GetValueKind() == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetValue<string>());

    private static string Place(string place, TaskPropertyDescriptor property) => $"{place}.{Json.CamelCase(property.Name)}";
}
