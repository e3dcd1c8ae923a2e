namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>A scoring whose rows are written but not yet seen.</summary>
/// <param name="ReplacedTable">Partition of the earlier scoring it takes the place of; null where there is none.</param>
internal sealed record StagedScoring(long ScoringId, string Table, string? ReplacedTable);
