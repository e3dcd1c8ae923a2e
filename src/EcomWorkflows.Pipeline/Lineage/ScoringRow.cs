namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A scoring of all customers, or all pairs of visitor and item, of a source.</summary>
/// <param name="What">What was scored, for example <c>customers</c> or <c>holdout pairs</c>.</param>
/// <param name="Predicted">Those of them at or above the threshold.</param>
internal sealed record ScoringRow(string What, string Source, DateTime AsOf, long Scored, long Predicted, long RunId);
