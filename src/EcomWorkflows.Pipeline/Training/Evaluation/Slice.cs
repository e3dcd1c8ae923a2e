using System.Globalization;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>A part of the rows a model must serve as well: one side of a feature's value.</summary>
/// <param name="Name">For example <c>home_country = 1</c> or <c>recency &lt; 41.5</c>.</param>
/// <param name="Rows">Row numbers in the table; of a large one those of an even sample.</param>
public sealed record Slice(string Name, int[] Rows)
{
    /// <summary>Slices with fewer rows, or fewer rows of one label, say nothing.</summary>
    public const int LeastRows = 100;

    private const int LeastOfEachLabel = 10;

    /// <summary>Of larger tables an even sample: figures of so many rows are good to a fraction of the gate's margin.</summary>
    private const int SampleRows = 100_000;

    /// <summary>Both sides of every yes-or-no feature, and both halves of the features that matter most.</summary>
    /// <param name="drivers">Features cut at their median.</param>
    public static IReadOnlyList<Slice> Of(LabelledTable table, IEnumerable<string> drivers)
    {
        var slices = new List<Slice>();
        FeatureTable features = table.Features;
        HashSet<string> halved = [.. drivers];
        int step = Math.Max(1, (features.Rows + SampleRows - 1) / SampleRows);
        for (int column = 0; column < features.Columns; column++)
        {
            float[] values = new float[(features.Rows + step - 1) / step];
            for (int i = 0; i < values.Length; i++)
                values[i] = features.Values[(i * step * features.Columns) + column];
            string name = features.Names[column];
            if (values.All(value => value is 0 or 1 || float.IsNaN(value)))
            {
                Add(slices, table, $"{name} = 0", values, step, value => value == 0);
                Add(slices, table, $"{name} = 1", values, step, value => value == 1);
            }
            else if (halved.Contains(name))
            {
                float median = values.Where(value => !float.IsNaN(value)).Order().ElementAtOrDefault(values.Count(value => !float.IsNaN(value)) / 2);
                string cut = median.ToString("G4", CultureInfo.InvariantCulture);
                Add(slices, table, $"{name} < {cut}", values, step, value => value < median);
                Add(slices, table, $"{name} ≥ {cut}", values, step, value => value >= median);
            }
        }

        return slices;
    }

    /// <summary>The slice's own figures.</summary>
    public SliceMetrics Evaluate(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores, float threshold)
    {
        bool[] ownLabels = new bool[Rows.Length];
        float[] ownScores = new float[Rows.Length];
        for (int i = 0; i < Rows.Length; i++)
            (ownLabels[i], ownScores[i]) = (labels[Rows[i]], scores[Rows[i]]);
        Ranking ranking = Ranking.Of(ownLabels, ownScores);
        return new SliceMetrics(
            Name, ranking.Rows, ranking.BaseRate, RocAuc.Of(ranking), PrAuc.Of(ranking), Confusion.At(ranking, threshold).F1, BrierScore.Of(ranking), CalibrationError.Of(ranking));
    }

    private static void Add(List<Slice> slices, LabelledTable table, string name, float[] values, int step, Func<float, bool> belongs)
    {
        int[] rows = [.. Enumerable.Range(0, values.Length).Where(i => belongs(values[i])).Select(i => i * step)];
        int positives = rows.Count(row => table.Labels[row]);
        if (rows.Length >= LeastRows && rows.Length < values.Length && positives >= LeastOfEachLabel && rows.Length - positives >= LeastOfEachLabel)
            slices.Add(new Slice(name, rows));
    }
}
