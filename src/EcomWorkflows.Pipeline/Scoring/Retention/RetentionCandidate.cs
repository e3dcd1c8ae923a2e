namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>A scored customer who may be contacted.</summary>
/// <param name="Value">What the customer is worth if kept; null where only the shop's assumption is known.</param>
/// <param name="Reasons">Top drivers of the prediction as JSON; null where it was not explained.</param>
public sealed record RetentionCandidate(string CustomerId, double ChurnProbability, double? Value, string? Reasons);
