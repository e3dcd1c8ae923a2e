namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>The probability from which a customer is labelled positive.</summary>
public static class DecisionThreshold
{
    /// <summary>The score with the best F1; among equals the lowest. To be chosen on predictions for rows the model was not fitted on, never on test rows.</summary>
    /// <exception cref="ArgumentException">There is no positive row, so F1 means nothing.</exception>
    public static float BestF1(Ranking ranking)
    {
        if (ranking.Positives == 0)
            throw new ArgumentException("A threshold cannot be chosen where no row is positive.", nameof(ranking));

        (double bestF1, float best) = (-1, 0);
        (long positives, long rows) = (0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            positives += step.Positives;
            rows += step.Positives + step.Negatives;
            double f1 = 2.0 * positives / (rows + ranking.Positives);
            if (f1 >= bestF1)
                (bestF1, best) = (f1, step.Score);
        }

        return best;
    }
}
