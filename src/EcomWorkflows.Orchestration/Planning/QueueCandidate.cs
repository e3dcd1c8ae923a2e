namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A queued task instance, as the queue sees it.</summary>
public sealed record QueueCandidate(
    long TaskInstanceId, string DagId, string TaskId, string Pool, int PoolSlots, int? DagMaxActiveTasks);
