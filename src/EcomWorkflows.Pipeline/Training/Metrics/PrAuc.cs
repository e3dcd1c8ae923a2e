namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Average precision: precision at each score, weighted by the recall gained there. Higher is better, the base rate is chance.</summary>
/// <remarks>The step-wise form of scikit-learn's <c>average_precision_score</c>; no interpolation, which would flatter.</remarks>
public static class PrAuc
{
    /// <returns>NaN when there is no positive.</returns>
    public static double Of(Ranking ranking)
    {
        if (ranking.Positives == 0)
            return double.NaN;

        double sum = 0;
        (long positives, long rows) = (0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            positives += step.Positives;
            rows += step.Positives + step.Negatives;
            sum += step.Positives * ((double)positives / rows);
        }

        return sum / ranking.Positives;
    }
}
