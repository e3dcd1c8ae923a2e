namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Mean squared difference between probability and outcome. Lower is better; p(1 − p) is what the base rate p alone gives.</summary>
/// <remarks>Brier, 1950.</remarks>
public static class BrierScore
{
    public static double Of(Ranking ranking)
    {
        double sum = 0;
        foreach (Ranking.Step step in ranking.Steps)
        {
            double p = step.Score;
            sum += (step.Positives * (1 - p) * (1 - p)) + (step.Negatives * p * p);
        }

        return sum / ranking.Rows;
    }
}
