namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>95 % intervals of a model's figures, all from the same draws.</summary>
public sealed record BootstrapIntervals(Interval RocAuc, Interval PrAuc, Interval F1, Interval Brier, Interval LiftAt10Percent)
{
    /// <summary>Of rows with one kind of label only.</summary>
    public static BootstrapIntervals Unknown { get; } = new(Nothing(), Nothing(), Nothing(), Nothing(), Nothing());

    private static Interval Nothing() => new(double.NaN, double.NaN);
}
