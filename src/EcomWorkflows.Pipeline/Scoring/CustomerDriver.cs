namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Why a customer's risk is high.</summary>
/// <param name="Value">The customer's value of the feature; null where it is not known.</param>
/// <param name="Contribution">What it adds to the log-odds of churning.</param>
public sealed record CustomerDriver(string Feature, double? Value, double Contribution);
