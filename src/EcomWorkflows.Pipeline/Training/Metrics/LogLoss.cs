namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Mean negative log-likelihood in nats. Lower is better; probabilities are kept 1e-15 away from 0 and 1, as scikit-learn did.</summary>
public static class LogLoss
{
    private const double Margin = 1e-15;

    public static double Of(Ranking ranking)
    {
        double sum = 0;
        foreach (Ranking.Step step in ranking.Steps)
        {
            double p = Math.Clamp((double)step.Score, Margin, 1 - Margin);
            sum -= (step.Positives * Math.Log(p)) + (step.Negatives * Math.Log(1 - p));
        }

        return sum / ranking.Rows;
    }
}
