using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>How well one feature alone ranks customers: the simplest rival of a model, and the first sign of a leak.</summary>
/// <param name="RocAuc">The better of both directions, 0.5 to 1.</param>
/// <param name="RisesWithChurn">Whether high values mean churn.</param>
public sealed record SingleFeature(string Name, double RocAuc, bool RisesWithChurn)
{
    /// <summary>Rows looked at; an AUC of these is good to about a hundredth.</summary>
    private const int SampleRows = 50_000;

    /// <summary>All features, the best alone first. Missing values rank lowest.</summary>
    public static IReadOnlyList<SingleFeature> Rank(LabelledTable table)
    {
        int step = Math.Max(1, table.Rows / SampleRows);
        int rows = table.Rows / step;
        bool[] labels = new bool[rows];
        for (int i = 0; i < rows; i++)
            labels[i] = table.Labels[i * step];

        var features = new SingleFeature[table.Features.Columns];
        Parallel.For(0, features.Length, column =>
        {
            float[] scores = new float[rows];
            for (int i = 0; i < rows; i++)
            {
                float value = table.Features.Values[(i * step * features.Length) + column];
                scores[i] = float.IsNaN(value) ? float.NegativeInfinity : value;
            }

            double auc = Metrics.RocAuc.Of(Ranking.Of(labels, scores));
            features[column] = new SingleFeature(table.Features.Names[column], Math.Max(auc, 1 - auc), auc >= 0.5);
        });

        return [.. features.OrderByDescending(feature => feature.RocAuc)];
    }
}
