namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>The largest distance D between two cumulative distributions, from 0 (equal) to 1 (apart), and the probability of at least that by chance.</summary>
/// <remarks>
/// Kolmogorov (1933), Smirnov (1948); the p-value is the asymptotic series with Stephens' correction for small samples (1970), good from about 5 values a side. In large data
/// the test fires on trifles: judge D itself too (<see cref="Judge"/>).
/// </remarks>
internal static class KolmogorovSmirnov
{
    /// <summary>From here on a difference is called noticeable.</summary>
    public const double NoticeableDistance = 0.1;

    private const int MostTerms = 100;

    /// <summary>D of two samples, each sorted in rising order; ties are handled exactly.</summary>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public static double Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        if (reference.IsEmpty || current.IsEmpty)
            throw new ArgumentException($"A side without values has no distribution: the reference holds {reference.Length}, the current data {current.Length}.");
        var (r, c, distance) = (0, 0, 0.0);
        while (r < reference.Length && c < current.Length)
        {
            var value = Math.Min(reference[r], current[c]);
            while (r < reference.Length && reference[r] <= value)
                r++;
            while (c < current.Length && current[c] <= value)
                c++;
            distance = Math.Max(distance, Math.Abs(((double)r / reference.Length) - ((double)c / current.Length)));
        }
        return distance;
    }

    /// <summary>D at the edges of bins in rising order: never more than that of the values themselves.</summary>
    public static double Of(BinCounts counts)
    {
        var (reference, current, distance) = (0L, 0L, 0.0);
        for (var bin = 0; bin < counts.Reference.Count; bin++)
        {
            (reference, current) = (reference + counts.Reference[bin], current + counts.Current[bin]);
            distance = Math.Max(distance, Math.Abs(((double)reference / counts.ReferenceTotal) - ((double)current / counts.CurrentTotal)));
        }
        return distance;
    }

    /// <summary>Probability of at least this distance when both samples are of one continuous distribution; an upper bound where values are tied or binned.</summary>
    public static double PValue(double distance, long referenceRows, long currentRows)
    {
        var lambda = Effective(referenceRows, currentRows) * distance;
        // Below this the series converges slowly and the probability is 1 to 12 digits.
        if (lambda < 0.2)
            return 1;
        var (sum, sign) = (0.0, 1);
        for (var term = 1; term <= MostTerms; term++, sign = -sign)
        {
            var next = Math.Exp(-2.0 * term * term * lambda * lambda);
            sum += sign * next;
            if (next < 1e-16)
                break;
        }
        return Math.Clamp(2 * sum, 0, 1);
    }

    /// <summary>The distance exceeded with the given probability when nothing has changed (the first term of the series, exact to 1e-4 for rates up to 0.1).</summary>
    public static double NullQuantile(long referenceRows, long currentRows, double falseAlarmRate) =>
        Math.Min(1, Math.Sqrt(-Math.Log(falseAlarmRate / 2) / 2) / Effective(referenceRows, currentRows));

    /// <summary>D with the threshold that holds both: it matters and it is not chance.</summary>
    public static DriftVerdict Judge(
        double distance, long referenceRows, long currentRows, double threshold = NoticeableDistance, double falseAlarmRate = DriftVerdict.DefaultFalseAlarmRate, int comparisons = 1) =>
        DriftVerdict.Of(distance, threshold, NullQuantile(referenceRows, currentRows, falseAlarmRate / comparisons));

    private static double Effective(long referenceRows, long currentRows)
    {
        var root = Math.Sqrt((double)referenceRows * currentRows / (referenceRows + currentRows));
        return root + 0.12 + (0.11 / root);
    }
}
