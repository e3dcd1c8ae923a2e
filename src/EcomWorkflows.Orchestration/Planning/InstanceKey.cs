namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A task instance inside its run.</summary>
/// <param name="MapIndex">-1 where the task is not mapped, or not yet.</param>
public readonly record struct InstanceKey(string TaskId, int MapIndex = -1);
