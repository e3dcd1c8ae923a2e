namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>A scoring that waits for its labels: those of <c>[From, To)</c>, UTC.</summary>
internal sealed record OpenOutcome(long ScoringId, DateTime From, DateTime To);
