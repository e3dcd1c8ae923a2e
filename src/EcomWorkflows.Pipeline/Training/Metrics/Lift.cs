namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>How many times more positives the highest-scored share holds than a random share of the same size. Higher is better, 1 is chance.</summary>
public static class Lift
{
    /// <param name="share">0 (excluded) to 1; at least one row is taken.</param>
    /// <returns>NaN when there is no positive.</returns>
    public static double AtTop(Ranking ranking, double share) =>
        ranking.Positives == 0 ? double.NaN : PositivesInTop(ranking, share, out long taken) / taken / ranking.BaseRate;

    /// <summary>Share of all positives that the highest-scored share of rows holds.</summary>
    public static double RecallAtTop(Ranking ranking, double share) =>
        ranking.Positives == 0 ? double.NaN : PositivesInTop(ranking, share, out _) / ranking.Positives;

    // Where the cut falls among equal scores their positives count in proportion, which is the mean over all orders.
    private static double PositivesInTop(Ranking ranking, double share, out long taken)
    {
        if (share is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "Allowed: above 0, up to 1.");
        taken = Math.Max(1, (long)(ranking.Rows * share));
        double positives = 0;
        long left = taken;
        foreach (Ranking.Step step in ranking.Steps)
        {
            long rows = step.Positives + step.Negatives;
            if (rows >= left)
                return positives + ((double)step.Positives * left / rows);
            positives += step.Positives;
            left -= rows;
        }

        return positives;
    }
}
