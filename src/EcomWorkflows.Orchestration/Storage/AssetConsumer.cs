namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A DAG that is scheduled on an asset a task writes.</summary>
public sealed record AssetConsumer(string TaskId, string Asset, string DagId);
