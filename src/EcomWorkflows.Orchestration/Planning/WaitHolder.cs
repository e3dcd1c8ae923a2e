namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A running task instance that holds what another waits for.</summary>
public sealed record WaitHolder(string DagId, string RunKey, string TaskId, int MapIndex, int Slots);
