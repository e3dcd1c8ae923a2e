namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>All that a run of <c>Ecom.ScorePurchases</c> writes.</summary>
/// <param name="Scorings">The newest day's last.</param>
/// <param name="Closed">Earlier scorings whose labels have become known.</param>
internal sealed record PurchaseScores(IReadOnlyList<ScoredOutcome> Scorings, IReadOnlyList<(OpenOutcome Outcome, BoughtPairs Bought)> Closed);
