namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a DAG's current version has to do with an asset.</summary>
/// <param name="Role"><c>outlet</c> (writes), <c>inlet</c> (reads) or <c>schedule</c> (waits for it).</param>
/// <param name="TaskId">Empty for the DAG's schedule.</param>
public sealed record AssetUse(string Asset, string DagId, string Role, string TaskId);
