namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Bootstrap intervals of ranking metrics: rows are drawn again with replacement, positives and negatives apart.</summary>
public static class Bootstrap
{
    /// <summary>
    /// Rows are drawn in about this many groups of neighbours in rank, so a million rows cost no more than a few thousand. Negatives are grouped before positives are: where positives are few, each
    /// keeps its place among the negatives.
    /// </summary>
    private const int MaximumGroups = 5_000;

    /// <summary>A group begins with negatives alone or with a positive, and ends when it has its share of the positives or of the negatives.</summary>
    private const int GroupsOfEitherLabel = MaximumGroups / 3;

    /// <param name="threshold">Where labels are cut, for F1.</param>
    public static BootstrapIntervals Intervals(Ranking ranking, float threshold, int seed, int draws = 200)
    {
        if (ranking.Positives == 0 || ranking.Negatives == 0)
            return BootstrapIntervals.Unknown;

        Group[] groups = Grouped(ranking, threshold);
        var random = new PoissonDraws(seed);
        double[][] figures = [.. Enumerable.Range(0, 5).Select(_ => new double[draws])];
        for (int draw = 0; draw < draws; draw++)
        {
            (figures[0][draw], figures[1][draw], figures[2][draw], figures[3][draw], figures[4][draw]) = Resampled(groups, random);
        }

        return new BootstrapIntervals(Percentiles(figures[0]), Percentiles(figures[1]), Percentiles(figures[2]), Percentiles(figures[3]), Percentiles(figures[4]));
    }

    private static Group[] Grouped(Ranking ranking, float threshold)
    {
        bool each = ranking.Steps.Length <= MaximumGroups;
        long mostPositives = each ? 1 : Share(ranking.Positives);
        long mostNegatives = each ? 1 : Share(ranking.Negatives);
        var groups = new List<Group>(Math.Min(MaximumGroups, ranking.Steps.Length));
        var open = new Group(true, 0, 0, 0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            bool labelled = step.Score >= threshold;
            bool full = open.Positives >= mostPositives || open.Negatives >= mostNegatives || (open.Positives == 0 && step.Positives > 0);
            if (open.Positives + open.Negatives > 0 && (each || full || open.Labelled != labelled))
            {
                groups.Add(open);
                open = new Group(labelled, 0, 0, 0, 0);
            }

            double p = step.Score;
            open = new Group(
                labelled, open.Positives + step.Positives, open.Negatives + step.Negatives,
                open.PositiveSquares + (step.Positives * (1 - p) * (1 - p)), open.NegativeSquares + (step.Negatives * p * p));
        }

        groups.Add(open);
        return [.. groups];
    }

    private static long Share(long rows) => (rows + GroupsOfEitherLabel - 1) / GroupsOfEitherLabel;

    // Poisson(1) weights per row are the limit of drawing with replacement and need one pass in rank order.
    private static (double RocAuc, double PrAuc, double F1, double Brier, double Lift) Resampled(Group[] groups, PoissonDraws random)
    {
        (double wins, double precisionSum, double squares) = (0, 0, 0);
        (long positivesAbove, long rowsAbove, long labelled, long hits) = (0, 0, 0, 0);
        int[] drawnPositives = new int[groups.Length];
        int[] drawnRows = new int[groups.Length];
        for (int i = 0; i < groups.Length; i++)
        {
            Group group = groups[i];
            int positives = random.Sum(group.Positives);
            int negatives = random.Sum(group.Negatives);
            (drawnPositives[i], drawnRows[i]) = (positives, positives + negatives);
            wins += negatives * (positivesAbove + (positives / 2.0));
            positivesAbove += positives;
            rowsAbove += positives + negatives;
            if (positives > 0)
                precisionSum += positives * ((double)positivesAbove / rowsAbove);
            squares += (positives * group.PositiveSquare) + (negatives * group.NegativeSquare);
            if (group.Labelled)
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

    /// <summary>Neighbours in rank that are drawn together.</summary>
    /// <param name="Labelled">Whether they are on the threshold's upper side.</param>
    /// <param name="PositiveSquares">Sum of the positives' squared distances between probability and outcome.</param>
    /// <param name="NegativeSquares">That of the negatives.</param>
    private readonly record struct Group(bool Labelled, int Positives, int Negatives, double PositiveSquares, double NegativeSquares)
    {
        internal double PositiveSquare => Positives == 0 ? 0 : PositiveSquares / Positives;

        internal double NegativeSquare => Negatives == 0 ? 0 : NegativeSquares / Negatives;
    }
}
