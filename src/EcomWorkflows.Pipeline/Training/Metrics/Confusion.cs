namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Counts of right and wrong labels at one threshold, and the ratios made of them; all ratios are better when higher.</summary>
public sealed record Confusion(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    /// <summary>Share of rows labelled positive that are; 0 when none is labelled positive.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Share of positive rows that are labelled so.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Harmonic mean of precision and recall.</summary>
    public double F1 => Ratio(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    public double Accuracy => Ratio(TruePositives + TrueNegatives, TruePositives + FalsePositives + FalseNegatives + TrueNegatives);

    /// <summary>A row is labelled positive when its score is at least the threshold.</summary>
    public static Confusion At(Ranking ranking, float threshold)
    {
        (long truePositives, long falsePositives) = (0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            if (step.Score < threshold)
                break;
            truePositives += step.Positives;
            falsePositives += step.Negatives;
        }

        return new Confusion(truePositives, falsePositives, ranking.Positives - truePositives, ranking.Negatives - falsePositives);
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
