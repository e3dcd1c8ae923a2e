namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>One thing in a lineage.</summary>
/// <param name="Id">Unique in all lineages, for example <c>model:shop_churn/v3</c> or <c>raw-line:12:345</c>.</param>
/// <param name="RunId">The run that made it; null where no run did.</param>
public sealed record LineageNode(string Id, LineageKind Kind, string Title, IReadOnlyList<LineageFact> Facts, long? RunId = null, long? AttemptId = null);
