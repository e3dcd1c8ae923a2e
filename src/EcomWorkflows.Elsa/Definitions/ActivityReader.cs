using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads one activity as a task.</summary>
internal sealed class ActivityReader(TaskRegistry registry, TemplateCheck templates, ProblemList problems)
{
    private readonly InputReader inputs = new(problems);

    /// <summary>The task's id: the activity's name, which people see and edit; its id where it has no name.</summary>
    public static string? TaskId(JsonObject activity) =>
        activity.Text("name") is { } name && !string.IsNullOrWhiteSpace(name) ? name : activity.Text("id");

    /// <summary>The task; with its readable parts only where there are problems.</summary>
    /// <param name="ports">Ports its edges may hang on; null where they are not known.</param>
    public DagTask Read(JsonObject activity, string taskId, string? group, out IReadOnlyList<string>? ports)
    {
        var place = $"task '{taskId}'";
        var type = activity.Text("type") ?? "";
        var displayName = activity.Object("metadata")?.Text("displayText");
        var task = new DagTask(taskId, type, string.IsNullOrWhiteSpace(displayName) ? taskId : displayName, [], new TaskSettings(), group);
        ports = null;
        if (FindType(activity, type, place) is not { } descriptor)
            return task;

        ReportUnknownInputs(activity, descriptor, place);
        task = task with
        {
            Inputs = inputs.ReadInputs(activity, descriptor.Inputs, place, templates),
            Settings = inputs.ReadSettings<TaskSettingInputs>(activity, SettingProperties.OfTasks, place).ToSettings(),
        };
        ports = Ports(task, descriptor, place);
        return task;
    }

    private List<string> Ports(DagTask task, TaskDescriptor descriptor, string place)
    {
        var ports = new List<string>(descriptor.Ports);
        if (descriptor.DynamicPortsInput is not { } property || task.Inputs[Json.CamelCase(property)] is not JsonArray named)
            return ports;
        foreach (var name in named.Select(n => n?.ToString() ?? ""))
        {
            if (string.IsNullOrWhiteSpace(name) || name.Contains("{{", StringComparison.Ordinal) || ports.Contains(name))
                problems.Add($"{place}.{Json.CamelCase(property)}", $"'{name}' cannot be a port. Give each a name of its own, without templates.");
            ports.Add(name);
        }
        return ports;
    }

    private TaskDescriptor? FindType(JsonObject activity, string type, string place)
    {
        if (!registry.TryFind(type, out var descriptor))
        {
            var known = registry.All.Select(d => d.Name).Order(StringComparer.Ordinal).ToList();
            problems.Add(
                $"{place}.type",
                type.Length == 0
                    ? $"The activity has no type. Known types: {string.Join(", ", known)}."
                    : $"There is no task type '{type}'.{Suggestion.For(type, known)} Known types: {string.Join(", ", known)}.");
            return null;
        }
        var version = activity["version"];
        if (version is null || version.GetValueKind() != JsonValueKind.Number || version.ToJsonString() != descriptor.Version.ToString())
        {
            problems.Add(
                $"{place}.version",
                version is null
                    ? $"The version of the activity type is missing. Write \"version\": {descriptor.Version}."
                    : $"There is no version {Json.Shown(version)} of {type}. Write \"version\": {descriptor.Version}.");
        }
        return descriptor;
    }

    private void ReportUnknownInputs(JsonObject activity, TaskDescriptor descriptor, string place)
    {
        foreach (var name in ElsaMembers.UnknownInputs(activity, [.. descriptor.Inputs, .. descriptor.Outputs, .. SettingProperties.OfTasks], flowchart: false))
        {
            var own = descriptor.Inputs.Select(p => Json.CamelCase(p.Name)).ToList();
            var settings = SettingProperties.OfTasks.Select(p => Json.CamelCase(p.Name)).ToList();
            problems.Add(
                $"{place}.{name}",
                $"{descriptor.Name} has no input '{name}'.{Suggestion.For(name, own.Concat(settings))} Its inputs: {(own.Count == 0 ? "none" : string.Join(", ", own))}; settings of every task: {string.Join(", ", settings)}.");
        }
    }
}
