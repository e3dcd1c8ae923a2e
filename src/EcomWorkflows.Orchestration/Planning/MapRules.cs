using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Decides how many instances a mapped task gets; semantics, section 9.</summary>
public static class MapRules
{
    /// <summary>Longest list a task may be mapped over.</summary>
    public const int MaxLength = 1024;

    /// <summary>The plan for a task mapped over a parameter of the run.</summary>
    public static MapPlan OverParam(MapSource source, JsonElement? value) => OfList(value, $"parameter '{source.Name}'");

    /// <summary>The plan for a task mapped over an output: the list of a task that is not mapped, or one element per successful instance of one that is.</summary>
    public static MapPlan OverOutput(MapSource source, IReadOnlyList<(int MapIndex, TaskState State, JsonElement? Value)> instances)
    {
        if (instances.Any(i => !i.State.IsFinished()))
            return new MapPlan.Wait();
        var successful = instances.Where(i => i.State == TaskState.Success).OrderBy(i => i.MapIndex).ToList();
        if (successful.Count == 0)
        {
            return instances.Any(i => i.State is TaskState.Failed or TaskState.UpstreamFailed)
                ? new MapPlan.None(TaskState.UpstreamFailed, $"'{source.TaskId}' has no list to map over: it failed")
                : new MapPlan.None(TaskState.Skipped, $"'{source.TaskId}' has no list to map over: it was skipped");
        }
        if (successful[0].MapIndex < 0)
            return OfList(successful[0].Value, $"output '{source.Name}' of '{source.TaskId}'");
        return successful.Find(i => i.Value is null) is { State: TaskState.Success } missing
            ? new MapPlan.None(TaskState.Failed, $"instance {missing.MapIndex} of '{source.TaskId}' has no output '{source.Name}' to map over")
            : OfItems([.. successful.Select(i => i.Value!.Value)], $"output '{source.Name}' of '{source.TaskId}'");
    }

    private static MapPlan OfList(JsonElement? value, string what) => value switch
    {
        { ValueKind: JsonValueKind.Array } list => OfItems([.. list.EnumerateArray()], what),
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => new MapPlan.None(TaskState.Failed, $"there is no {what} to map over"),
        { ValueKind: var kind } => new MapPlan.None(TaskState.Failed, $"{what} is not a list to map over, but of kind {kind.ToString().ToLowerInvariant()}"),
    };

    private static MapPlan OfItems(IReadOnlyList<JsonElement> items, string what) => items.Count switch
    {
        0 => new MapPlan.Empty($"{what} is an empty list"),
        > MaxLength => new MapPlan.None(TaskState.Failed, $"{what} has {items.Count} elements; a task can be mapped over at most {MaxLength}"),
        _ => new MapPlan.Instances(items),
    };
}
