using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>How well one feature alone ranks customers: the simplest rival of a model, and the first sign of a leak.</summary>
/// <param name="RocAuc">The better of both directions, 0.5 to 1.</param>
/// <param name="RisesWithChurn">Whether high values mean churn.</param>
public sealed record SingleFeature(string Name, double RocAuc, bool RisesWithChurn)
{
    /// <summary>Rows looked at, all of the rarer label among them: an AUC of these is within a hundredth of that of all rows.</summary>
    private const int SampleRows = 50_000;

    /// <summary>All features, the best alone first. Missing values rank lowest.</summary>
    public static IReadOnlyList<SingleFeature> Rank(LabelledTable table)
    {
        int[] rows = LabelSample.Of(table.Labels, SampleRows).Rows;
        bool[] labels = [.. rows.Select(row => table.Labels[row])];

        var features = new SingleFeature[table.Features.Columns];
        Parallel.For(0, features.Length, column =>
        {
            float[] scores = new float[rows.Length];
            for (int i = 0; i < rows.Length; i++)
            {
                float value = table.Features.Values[(rows[i] * features.Length) + column];
                scores[i] = float.IsNaN(value) ? float.NegativeInfinity : value;
            }

            double auc = Metrics.RocAuc.Of(Ranking.Of(labels, scores));
            features[column] = new SingleFeature(table.Features.Names[column], Math.Max(auc, 1 - auc), auc >= 0.5);
        });

        return [.. features.OrderByDescending(feature => feature.RocAuc)];
    }
}
