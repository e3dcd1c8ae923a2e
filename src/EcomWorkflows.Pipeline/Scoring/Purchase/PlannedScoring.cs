namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>A scoring that is to be made.</summary>
/// <param name="Rows">What follows <c>from</c> in the query of its pairs: <c>customer_id</c>, <c>product_id</c>, the features.</param>
internal sealed record PlannedScoring(PurchaseScoring Scoring, string Rows);
