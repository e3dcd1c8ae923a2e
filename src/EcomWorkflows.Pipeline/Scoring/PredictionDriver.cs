namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Why a prediction is high.</summary>
/// <param name="Value">The row's value of the feature; null where it is not known.</param>
/// <param name="Contribution">What it adds to the log-odds.</param>
public sealed record PredictionDriver(string Feature, double? Value, double Contribution);
