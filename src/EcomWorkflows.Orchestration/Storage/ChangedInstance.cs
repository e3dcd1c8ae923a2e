namespace EcomWorkflows.Orchestration.Storage;

/// <summary>An instance a clear or mark is about.</summary>
/// <param name="State">Its state before.</param>
public sealed record ChangedInstance(long TaskInstanceId, string TaskId, int MapIndex, string State);
