namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Bootstrap intervals of ranking metrics: rows are drawn again with replacement, positives and negatives apart.</summary>
public static class Bootstrap
{
    /// <summary>Rows are drawn in at most this many groups of neighbours in rank, so a million rows cost no more than a few thousand.</summary>
    private const int MaximumGroups = 5_000;

    public static (Interval RocAuc, Interval PrAuc) Intervals(Ranking ranking, int seed, int draws = 200)
    {
        if (ranking.Positives == 0 || ranking.Negatives == 0)
            return (new Interval(double.NaN, double.NaN), new Interval(double.NaN, double.NaN));

        Ranking.Step[] steps = Grouped(ranking);
        var random = new PoissonDraws(seed);
        double[] roc = new double[draws];
        double[] pr = new double[draws];
        for (int draw = 0; draw < draws; draw++)
            (roc[draw], pr[draw]) = Resampled(steps, random);
        return (Percentiles(roc), Percentiles(pr));
    }

    private static Ranking.Step[] Grouped(Ranking ranking)
    {
        if (ranking.Steps.Count <= MaximumGroups)
            return [.. ranking.Steps];

        var groups = new List<Ranking.Step>(MaximumGroups + 1);
        long rowsPerGroup = (ranking.Rows + MaximumGroups - 1) / MaximumGroups;
        (int positives, int negatives) = (0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            positives += step.Positives;
            negatives += step.Negatives;
            if (positives + negatives < rowsPerGroup)
                continue;
            groups.Add(new Ranking.Step(step.Score, positives, negatives));
            (positives, negatives) = (0, 0);
        }

        groups.Add(new Ranking.Step(0, positives, negatives));
        return [.. groups];
    }

    // Poisson(1) weights per row are the limit of drawing with replacement and need one pass in rank order.
    private static (double RocAuc, double PrAuc) Resampled(Ranking.Step[] steps, PoissonDraws random)
    {
        (double wins, double precisionSum) = (0, 0);
        (long positivesAbove, long rowsAbove) = (0, 0);
        foreach (Ranking.Step step in steps)
        {
            int positives = random.Sum(step.Positives);
            int negatives = random.Sum(step.Negatives);
            wins += negatives * (positivesAbove + (positives / 2.0));
            positivesAbove += positives;
            rowsAbove += positives + negatives;
            if (positives > 0)
                precisionSum += positives * ((double)positivesAbove / rowsAbove);
        }

        long allNegatives = rowsAbove - positivesAbove;
        return (positivesAbove == 0 || allNegatives == 0 ? double.NaN : wins / ((double)positivesAbove * allNegatives),
            positivesAbove == 0 ? double.NaN : precisionSum / positivesAbove);
    }

    private static Interval Percentiles(double[] values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0
            ? new Interval(double.NaN, double.NaN)
            : new Interval(At(sorted, 0.025), At(sorted, 0.975));
    }

    private static double At(double[] sorted, double quantile)
    {
        double position = quantile * (sorted.Length - 1);
        int below = (int)position;
        double rest = position - below;
        return below + 1 < sorted.Length ? (sorted[below] * (1 - rest)) + (sorted[below + 1] * rest) : sorted[below];
    }
}
