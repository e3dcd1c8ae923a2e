namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>A distance between two distributions, judged.</summary>
/// <param name="Value">The distance found.</param>
/// <param name="Threshold">What it may be at most: the larger of the band asked for and what chance alone gives at these sample sizes.</param>
/// <param name="NullQuantile">What chance alone exceeds at the rate of false alarms asked for.</param>
internal readonly record struct DriftVerdict(double Value, double Threshold, double NullQuantile)
{
    /// <summary>One alarm in a hundred comparisons of data that has not changed.</summary>
    public const double DefaultFalseAlarmRate = 0.01;

    public bool Drifted => Value > Threshold;

    public static DriftVerdict Of(double value, double band, double nullQuantile) => new(value, Math.Max(band, nullQuantile), nullQuantile);
}
