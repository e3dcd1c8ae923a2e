namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A running task instance, as the queue counts it: its lease holds slots of a pool and a place under every cap.</summary>
/// <param name="IsHere">Whether it holds a place of the asking node.</param>
public sealed record RunningInstance(long RunId, string DagId, string TaskId, string Pool, int PoolSlots, bool IsBackfill = false, bool IsHere = false);
