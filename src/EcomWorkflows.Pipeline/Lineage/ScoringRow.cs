namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A scoring of all customers of a source.</summary>
internal sealed record ScoringRow(string Source, DateTime AsOf, long Customers, long AtRisk, long RunId);
