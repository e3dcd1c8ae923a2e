namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>How much better one model does than another on the same rows.</summary>
/// <param name="Difference">The first's figure minus the second's.</param>
/// <param name="Interval">Of the difference, by the paired bootstrap: both models see the same drawn rows, so what is hard for both cancels out.</param>
public sealed record PairedDifference(double Difference, Interval Interval);
