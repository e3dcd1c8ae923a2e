using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Inputs, settings and outputs of tasks under the names of their descriptors, which Studio looks them up by.</summary>
internal sealed class ActivityValues(TaskRegistry registry)
{
    private const string Hidden = "********";

    /// <summary>The task's inputs as they are written in the DAG, and those settings that differ from what every task has.</summary>
    public JsonObject State(DagTask task)
    {
        registry.TryFind(task.TaskType, out var descriptor);
        var sensitive = (descriptor?.Inputs ?? []).Where(i => i.Sensitive).Select(i => i.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var state = Named(task.Inputs, descriptor?.Inputs ?? []);
        foreach (var name in state.Select(s => s.Key).Where(sensitive.Contains).ToList())
            state[name] = Hidden;
        var settings = JsonSerializer.SerializeToNode(TaskSettingInputs.From(task.Settings), TaskJson.Options)!.AsObject();
        var usual = JsonSerializer.SerializeToNode(new TaskSettingInputs(), TaskJson.Options)!.AsObject();
        foreach (var property in SettingProperties.OfTasks)
        {
            var name = Json.CamelCase(property.Name);
            if (!JsonNode.DeepEquals(settings[name], usual[name]) || property.Name == nameof(TaskSettingInputs.TriggerRule))
                state[property.Name] = settings[name]?.DeepClone();
        }
        return state;
    }

    public JsonObject? Outputs(DagTask task, string? outputs)
    {
        if (outputs is null || JsonNode.Parse(outputs) is not JsonObject values)
            return null;
        registry.TryFind(task.TaskType, out var descriptor);
        return Named(values, descriptor?.Outputs ?? []);
    }

    /// <summary>The ports a branch has chosen; the one port there is of everything else.</summary>
    public static JsonArray Outcomes(string? ports) => ports is not null && JsonNode.Parse(ports) is JsonArray chosen ? chosen : new JsonArray(DagEdge.DonePort);

    private static JsonObject Named(JsonObject values, IReadOnlyList<TaskPropertyDescriptor> properties)
    {
        var names = properties.ToDictionary(p => Json.CamelCase(p.Name), p => p.Name, StringComparer.Ordinal);
        return new JsonObject(values.Select(v => KeyValuePair.Create(names.GetValueOrDefault(v.Key, v.Key), v.Value?.DeepClone())));
    }
}
