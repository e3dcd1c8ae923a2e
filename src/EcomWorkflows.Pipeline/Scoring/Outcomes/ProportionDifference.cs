namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>Difference of two independent proportions with its 95 % interval.</summary>
/// <remarks>Newcombe (1998), method 10: the hybrid of Wilson's score intervals; holds for small groups and for shares near 0 and 1.</remarks>
internal sealed record ProportionDifference(double Value, double Low, double High)
{
    /// <summary>97.5 % quantile of the normal distribution.</summary>
    private const double Z = 1.959964;

    /// <summary>First proportion minus the second.</summary>
    internal static ProportionDifference Of(long firstHits, long first, long secondHits, long second)
    {
        (double p1, double l1, double u1) = Wilson(firstHits, first);
        (double p2, double l2, double u2) = Wilson(secondHits, second);
        double difference = p1 - p2;
        return new ProportionDifference(
            difference,
            difference - Math.Sqrt(Square(p1 - l1) + Square(u2 - p2)),
            difference + Math.Sqrt(Square(u1 - p1) + Square(p2 - l2)));
    }

    private static (double Share, double Low, double High) Wilson(long hits, long all)
    {
        double share = (double)hits / all;
        double centre = (share + (Z * Z / (2 * all))) / (1 + (Z * Z / all));
        double half = Z / (1 + (Z * Z / all)) * Math.Sqrt((share * (1 - share) / all) + (Z * Z / (4.0 * all * all)));
        return (share, centre - half, centre + half);
    }

    private static double Square(double value) => value * value;
}
