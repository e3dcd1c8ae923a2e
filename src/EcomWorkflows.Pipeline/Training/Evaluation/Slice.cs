using System.Globalization;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>A part of the rows a model must serve as well: one side of a feature's value.</summary>
/// <param name="Name">For example <c>home_country = 1</c> or <c>recency &lt; 41.5</c>.</param>
/// <param name="Rows">Row numbers in the table.</param>
public sealed record Slice(string Name, int[] Rows)
{
    /// <summary>Slices with fewer rows, or fewer rows of one label, say nothing.</summary>
    public const int LeastRows = 100;

    private const int LeastOfEachLabel = 10;

    /// <summary>Both sides of every yes-or-no feature, and both halves of the features that matter most.</summary>
    /// <param name="drivers">Features cut at their median.</param>
    public static IReadOnlyList<Slice> Of(LabelledTable table, IEnumerable<string> drivers)
    {
        var slices = new List<Slice>();
        FeatureTable features = table.Features;
        HashSet<string> halved = [.. drivers];
        for (int column = 0; column < features.Columns; column++)
        {
            float[] values = new float[features.Rows];
            for (int row = 0; row < values.Length; row++)
                values[row] = features.Values[(row * features.Columns) + column];
            string name = features.Names[column];
            if (values.All(value => value is 0 or 1 || float.IsNaN(value)))
            {
                Add(slices, table, $"{name} = 0", row => values[row] == 0);
                Add(slices, table, $"{name} = 1", row => values[row] == 1);
            }
            else if (halved.Contains(name))
            {
                float median = values.Where(value => !float.IsNaN(value)).Order().ElementAtOrDefault(values.Count(value => !float.IsNaN(value)) / 2);
                string cut = median.ToString("G4", CultureInfo.InvariantCulture);
                Add(slices, table, $"{name} < {cut}", row => values[row] < median);
                Add(slices, table, $"{name} ≥ {cut}", row => values[row] >= median);
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

    private static void Add(List<Slice> slices, LabelledTable table, string name, Func<int, bool> belongs)
    {
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(belongs)];
        int positives = rows.Count(row => table.Labels[row]);
        if (rows.Length >= LeastRows && rows.Length < table.Rows && positives >= LeastOfEachLabel && rows.Length - positives >= LeastOfEachLabel)
            slices.Add(new Slice(name, rows));
    }
}
