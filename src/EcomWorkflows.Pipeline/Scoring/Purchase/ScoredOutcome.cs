namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>A scoring, its predictions, and what was bought; null while the outcome window is open.</summary>
internal sealed record ScoredOutcome(PurchaseScoring Scoring, ScoredRows Pairs, BoughtPairs? Bought);
