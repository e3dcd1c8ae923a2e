namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A version of a feature view.</summary>
internal sealed record FeatureViewRow(
    string Entity, string Source, string Description, string Owner, string LogicHash, long Features, DateTime CreatedAt, long? RunId, long? AttemptId);
