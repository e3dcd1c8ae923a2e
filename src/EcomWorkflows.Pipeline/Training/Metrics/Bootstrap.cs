namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Bootstrap intervals of ranking metrics: rows are drawn again with replacement, positives and negatives apart.</summary>
public static class Bootstrap
{
    /// <summary>Rows are drawn in at most this many groups of neighbours in rank, so a million rows cost no more than a few thousand.</summary>
    private const int MaximumGroups = 5_000;

    /// <param name="threshold">Where labels are cut, for F1.</param>
    public static BootstrapIntervals Intervals(Ranking ranking, float threshold, int seed, int draws = 200)
    {
        if (ranking.Positives == 0 || ranking.Negatives == 0)
            return BootstrapIntervals.Unknown;

        Ranking.Step[] steps = Grouped(ranking);
        var random = new PoissonDraws(seed);
        double[][] figures = [.. Enumerable.Range(0, 5).Select(_ => new double[draws])];
        for (int draw = 0; draw < draws; draw++)
        {
            (figures[0][draw], figures[1][draw], figures[2][draw], figures[3][draw], figures[4][draw]) = Resampled(steps, threshold, random);
        }

        return new BootstrapIntervals(Percentiles(figures[0]), Percentiles(figures[1]), Percentiles(figures[2]), Percentiles(figures[3]), Percentiles(figures[4]));
    }

    private static Ranking.Step[] Grouped(Ranking ranking)
    {
        if (ranking.Steps.Length <= MaximumGroups)
            return ranking.Steps.ToArray();

        var groups = new List<Ranking.Step>(MaximumGroups + 1);
        long rowsPerGroup = (ranking.Rows + MaximumGroups - 1) / MaximumGroups;
        (int positives, int negatives, double scores) = (0, 0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            positives += step.Positives;
            negatives += step.Negatives;
            scores += (double)step.Score * (step.Positives + step.Negatives);
            if (positives + negatives < rowsPerGroup)
                continue;
            groups.Add(new Ranking.Step((float)(scores / (positives + negatives)), positives, negatives));
            (positives, negatives, scores) = (0, 0, 0);
        }

        if (positives + negatives > 0)
            groups.Add(new Ranking.Step((float)(scores / (positives + negatives)), positives, negatives));
        return [.. groups];
    }

    // Poisson(1) weights per row are the limit of drawing with replacement and need one pass in rank order.
    private static (double RocAuc, double PrAuc, double F1, double Brier, double Lift) Resampled(Ranking.Step[] steps, float threshold, PoissonDraws random)
    {
        (double wins, double precisionSum, double squares) = (0, 0, 0);
        (long positivesAbove, long rowsAbove, long labelled, long hits) = (0, 0, 0, 0);
        int[] drawnPositives = new int[steps.Length];
        int[] drawnRows = new int[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            Ranking.Step step = steps[i];
            int positives = random.Sum(step.Positives);
            int negatives = random.Sum(step.Negatives);
            (drawnPositives[i], drawnRows[i]) = (positives, positives + negatives);
            wins += negatives * (positivesAbove + (positives / 2.0));
            positivesAbove += positives;
            rowsAbove += positives + negatives;
            if (positives > 0)
                precisionSum += positives * ((double)positivesAbove / rowsAbove);
            double p = step.Score;
            squares += (positives * (1 - p) * (1 - p)) + (negatives * p * p);
            if (step.Score >= threshold)
                (labelled, hits) = (rowsAbove, positivesAbove);
        }

        long allNegatives = rowsAbove - positivesAbove;
        if (positivesAbove == 0 || allNegatives == 0)
            return (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        return (
            wins / ((double)positivesAbove * allNegatives), precisionSum / positivesAbove, 2.0 * hits / (labelled + positivesAbove), squares / rowsAbove,
            LiftAtTenth(drawnPositives, drawnRows, positivesAbove, rowsAbove));
    }

    private static double LiftAtTenth(int[] positives, int[] rows, long allPositives, long allRows)
    {
        double left = Math.Max(1, allRows / 10);
        double found = 0;
        double taken = left;
        for (int i = 0; i < rows.Length && left > 0; i++)
        {
            double share = rows[i] <= left ? 1 : left / rows[i];
            found += positives[i] * share;
            left -= rows[i];
        }

        return found / taken / ((double)allPositives / allRows);
    }

    internal static Interval Percentiles(double[] values)
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
