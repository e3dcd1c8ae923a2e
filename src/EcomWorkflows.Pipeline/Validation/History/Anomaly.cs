namespace EcomWorkflows.Pipeline.Validation;

/// <summary>A figure of a run beside the bounds the runs before set for it.</summary>
/// <param name="Metric">The same in every run, for example <c>rows_read</c> or <c>null_share(price)</c>.</param>
/// <param name="Statement">What the figure is, in words.</param>
/// <param name="Low">Below this it is unusual.</param>
/// <param name="High">Above this it is unusual.</param>
/// <param name="Runs">How many earlier runs the bounds are from.</param>
public sealed record Anomaly(string Metric, string Statement, double Value, double Low, double High, double Median, int Runs)
{
    /// <summary>Whether the figure lies outside its bounds.</summary>
    public bool IsAnomaly => Value < Low || Value > High;
}
