namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Between which values the next one is expected, from earlier ones, of which some may be outliers themselves.</summary>
/// <param name="Median">Of the earlier values.</param>
/// <param name="Scale">What counts as one standard deviation.</param>
/// <param name="Low">Below this is an anomaly.</param>
/// <param name="High">Above this is an anomaly.</param>
/// <param name="Values">How many earlier values the bounds are from.</param>
/// <remarks>
/// Modified z-score of Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): median ± 3.5 · 1.4826 · MAD, and 1.2533 · mean absolute deviation in place of MAD
/// where more than half of the values are equal. With few values the bounds are widened by 1 + 5/n, since the scale itself is uncertain. A floor keeps a history that never moved from
/// flagging what is no news.
/// </remarks>
internal sealed record RobustBounds(double Median, double Scale, double Low, double High, int Values)
{
    public const double DefaultSensitivity = 3.5;

    /// <summary>With fewer earlier values nothing is judged.</summary>
    public const int FewestValues = 5;

    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>Bounds of a count of things that come independently: at least its Poisson deviation wide.</summary>
    public static RobustBounds? OfCounts(IReadOnlyList<double> history, double sensitivity = DefaultSensitivity, int fewest = FewestValues) =>
        Of(history, median => Math.Max(1, Math.Sqrt(Math.Max(0, median))), sensitivity, fewest, lowest: 0);

    /// <summary>Bounds of a share of so many rows: at least its binomial deviation wide.</summary>
    public static RobustBounds? OfShares(IReadOnlyList<double> history, long rows, double sensitivity = DefaultSensitivity, int fewest = FewestValues) =>
        Of(history, median => Math.Sqrt(Math.Max(median * (1 - median), 1.0 / Math.Max(1, rows)) / Math.Max(1, rows)), sensitivity, fewest, lowest: 0, highest: 1);

    /// <summary>Bounds of any other figure: at least a thousandth of its size wide.</summary>
    public static RobustBounds? OfValues(IReadOnlyList<double> history, double sensitivity = DefaultSensitivity, int fewest = FewestValues) =>
        Of(history, median => Math.Abs(median) / 1000, sensitivity, fewest);

    /// <returns>Null with fewer than <paramref name="fewest"/> finite values.</returns>
    private static RobustBounds? Of(
        IReadOnlyList<double> history, Func<double, double> floor, double sensitivity, int fewest, double lowest = double.NegativeInfinity, double highest = double.PositiveInfinity)
    {
        var values = history.Where(double.IsFinite).ToList();
        if (values.Count < Math.Max(1, fewest))
            return null;
        var median = MedianOf(values);
        var deviations = values.ConvertAll(value => Math.Abs(value - median));
        var mad = MedianOf(deviations);
        var scale = Math.Max(mad > 0 ? 1.4826 * mad : 1.2533 * deviations.Average(), floor(median)) * (1 + (5.0 / values.Count));
        return new RobustBounds(median, scale, Math.Max(lowest, median - (sensitivity * scale)), Math.Min(highest, median + (sensitivity * scale)), values.Count);
    }

    private static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
