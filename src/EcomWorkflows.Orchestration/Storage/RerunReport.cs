using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a clear or mark does, or would do, in all.</summary>
/// <param name="Runs">The runs something changes in, by logical date.</param>
/// <param name="Published">Data the cleared attempts have published, which running them again replaces.</param>
/// <param name="Triggered">DAGs that are scheduled on what the cleared tasks write.</param>
public sealed record RerunReport(bool IsDryRun, IReadOnlyList<ClearPreview> Runs, IReadOnlyList<PublishedData> Published, IReadOnlyList<AssetConsumer> Triggered);
