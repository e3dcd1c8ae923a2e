namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A running task instance, as the queue counts it: its lease holds slots of a pool and a place under every cap.</summary>
public sealed record RunningInstance(long RunId, string DagId, string TaskId, string Pool, int PoolSlots);
