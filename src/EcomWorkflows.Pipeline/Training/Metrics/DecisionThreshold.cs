namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>The probability from which a customer is labelled positive.</summary>
public static class DecisionThreshold
{
    /// <summary>
    /// The middle between the score with the best F1, among equals the lowest, and the next lower one: where the two kinds lie far apart, rows not seen yet fall on either side of the gap's middle,
    /// not of its edge. To be chosen on predictions for rows the model was not fitted on, never on test rows.
    /// </summary>
    /// <exception cref="ArgumentException">There is no positive row, so F1 means nothing.</exception>
    public static float BestF1(Ranking ranking)
    {
        if (ranking.Positives == 0)
            throw new ArgumentException("A threshold cannot be chosen where no row is positive.", nameof(ranking));

        (double bestF1, int best) = (-1, 0);
        (long positives, long rows) = (0, 0);
        ReadOnlySpan<Ranking.Step> steps = ranking.Steps;
        for (int i = 0; i < steps.Length; i++)
        {
            positives += steps[i].Positives;
            rows += steps[i].Positives + steps[i].Negatives;
            double f1 = 2.0 * positives / (rows + ranking.Positives);
            if (f1 >= bestF1)
                (bestF1, best) = (f1, i);
        }

        float score = steps[best].Score;
        return best + 1 < steps.Length ? Between(steps[best + 1].Score, score) : score;
    }

    /// <returns>Above the lower score also where no number lies between the two.</returns>
    private static float Between(float lower, float upper) => lower + ((upper - lower) / 2) is var middle && middle > lower ? middle : upper;
}
