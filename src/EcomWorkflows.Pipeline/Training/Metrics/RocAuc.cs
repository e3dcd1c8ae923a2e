namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Area under the ROC curve: the chance that a random positive scores above a random negative, ties counting half. Higher is better, 0.5 is chance.</summary>
/// <remarks>Hanley and McNeil, 1982.</remarks>
public static class RocAuc
{
    /// <returns>NaN when there are only positives or only negatives.</returns>
    public static double Of(Ranking ranking)
    {
        if (ranking.Positives == 0 || ranking.Negatives == 0)
            return double.NaN;

        double wins = 0;
        long negativesBelow = ranking.Negatives;
        foreach (Ranking.Step step in ranking.Steps)
        {
            negativesBelow -= step.Negatives;
            wins += step.Positives * (negativesBelow + (step.Negatives / 2.0));
        }

        return wins / ((double)ranking.Positives * ranking.Negatives);
    }
}
