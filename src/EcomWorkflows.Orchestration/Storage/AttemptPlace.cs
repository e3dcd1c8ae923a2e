namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Where an attempt belongs.</summary>
/// <param name="MapIndex">-1 where the task is not mapped.</param>
public sealed record AttemptPlace(long AttemptId, long RunId, string DagId, string RunKey, string TaskId, int MapIndex, int TryNumber, string State);
