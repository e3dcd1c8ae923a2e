using System.Runtime.InteropServices;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>How much a feature moves the predictions of a model.</summary>
/// <param name="MeanContribution">Mean absolute change of the log-odds (SHAP for trees, coefficient × standardised value for linear models).</param>
/// <param name="Direction">Correlation of value and contribution, −1 to 1: positive means that high values raise the churn risk.</param>
public sealed record Driver(string Feature, double MeanContribution, double Direction)
{
    /// <summary>Exact SHAP values of a small model cost about a millisecond per row.</summary>
    private const int SampleRows = 1_000;

    /// <summary>Those of a forest of many deep trees cost a quarter of a second; fewer rows say nearly the same.</summary>
    private const int LeastRows = 100;

    /// <summary>Up to this size a model is explained on all sampled rows, a larger one on fewer in proportion. A size, not a time, so that the same model always has the same drivers.</summary>
    private const long ModelBytes = 8 << 20;

    /// <summary>Between two of so many parts a caller hears of the progress, and may cancel.</summary>
    private const int Parts = 20;

    /// <summary>All features, the strongest first, over an even sample of the rows.</summary>
    /// <param name="modelBytes">Size of the model's file.</param>
    /// <param name="onProgress">Called with the share of the sample that is explained.</param>
    public static IReadOnlyList<Driver> Of(FittedModel model, FeatureTable table, long modelBytes, Action<double>? onProgress = null, CancellationToken cancellationToken = default)
    {
        int most = (int)Math.Clamp(SampleRows * ModelBytes / Math.Max(1, modelBytes), LeastRows, SampleRows);
        int step = Math.Max(1, table.Rows / most);
        int[] rows = [.. Enumerable.Range(0, Math.Min(most, table.Rows)).Select(i => i * step)];
        FeatureTable sample = table.Take(rows);
        var contributions = new List<float>(rows.Length * (table.Columns + 1));
        foreach (int[] part in rows.Chunk(Math.Max(1, most / Parts)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            onProgress?.Invoke((double)contributions.Count / contributions.Capacity);
            contributions.AddRange(model.Contributions(table.Take(part)));
        }

        var drivers = new Driver[table.Columns];
        for (int column = 0; column < drivers.Length; column++)
            drivers[column] = Of(sample, CollectionsMarshal.AsSpan(contributions), column);
        return [.. drivers.OrderByDescending(driver => driver.MeanContribution)];
    }

    private static Driver Of(FeatureTable sample, ReadOnlySpan<float> contributions, int column)
    {
        (double absolute, double x, double y, double xx, double yy, double xy, int known) = (0, 0, 0, 0, 0, 0, 0);
        for (int row = 0; row < sample.Rows; row++)
        {
            double contribution = contributions[(row * (sample.Columns + 1)) + column];
            double value = sample.Values[(row * sample.Columns) + column];
            absolute += Math.Abs(contribution);
            if (double.IsNaN(value))
                continue;
            known++;
            x += value;
            y += contribution;
            xx += value * value;
            yy += contribution * contribution;
            xy += value * contribution;
        }

        double spread = Math.Sqrt(Math.Max(0, (known * xx) - (x * x))) * Math.Sqrt(Math.Max(0, (known * yy) - (y * y)));
        double direction = spread > 0 ? ((known * xy) - (x * y)) / spread : 0;
        return new Driver(sample.Names[column], sample.Rows == 0 ? 0 : absolute / sample.Rows, Math.Clamp(direction, -1, 1));
    }
}
