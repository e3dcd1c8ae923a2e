using System.Buffers;
using System.Collections;
using System.Globalization;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>A part of the rows a model must serve as well: one side of a feature's value.</summary>
/// <param name="Name">For example <c>home_country = 1</c> or <c>recency &lt; 41.5</c>.</param>
/// <param name="Rows">Per row of the table, whether it belongs to the slice.</param>
public sealed record Slice(string Name, BitArray Rows)
{
    /// <summary>Slices with fewer rows, or fewer rows of one label, say nothing.</summary>
    public const int LeastRows = 100;

    private const int LeastOfEachLabel = 10;

    /// <summary>Rows of a larger table that a median is taken of.</summary>
    private const int MedianRows = 100_000;

    /// <summary>Both sides of every yes-or-no feature, and both halves of the features that matter most.</summary>
    /// <param name="drivers">Features cut at their median.</param>
    public static IReadOnlyList<Slice> Of(LabelledTable table, IEnumerable<string> drivers)
    {
        FeatureTable features = table.Features;
        HashSet<string> halved = [.. drivers];
        var sides = new List<(string Name, int Column, Func<float, bool> Belongs)>();
        for (int column = 0; column < features.Columns; column++)
        {
            string name = features.Names[column];
            if (IsYesOrNo(features, column))
            {
                sides.Add(($"{name} = 0", column, value => value == 0));
                sides.Add(($"{name} = 1", column, value => value == 1));
            }
            else if (halved.Contains(name))
            {
                float median = Median(features, column);
                string cut = median.ToString("G4", CultureInfo.InvariantCulture);
                sides.Add(($"{name} < {cut}", column, value => value < median));
                sides.Add(($"{name} ≥ {cut}", column, value => value >= median));
            }
        }

        var slices = new Slice?[sides.Count];
        Parallel.For(0, slices.Length, i => slices[i] = Of(table, sides[i].Name, sides[i].Column, sides[i].Belongs));
        return [.. slices.OfType<Slice>()];
    }

    /// <summary>Each slice's own figures, of all of its rows.</summary>
    /// <exception cref="ArgumentException">There are not as many labels as scores, or a score is not a number.</exception>
    public static IReadOnlyList<SliceMetrics> Evaluate(IReadOnlyList<Slice> slices, ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores, float threshold)
    {
        ulong[] sorted = LabelledScores.Sort(labels, scores);
        var metrics = new SliceMetrics[slices.Count];
        Parallel.For(0, metrics.Length, slice => metrics[slice] = slices[slice].Evaluate(sorted, threshold));
        return metrics;
    }

    private SliceMetrics Evaluate(ulong[] sorted, float threshold)
    {
        ulong[] own = ArrayPool<ulong>.Shared.Rent(sorted.Length);
        int members = 0;
        foreach (ulong row in sorted)
        {
            if (Rows[LabelledScores.NumberOf(row)])
                own[members++] = row;
        }

        Ranking ranking = Ranking.Of(own.AsSpan(0, members));
        ArrayPool<ulong>.Shared.Return(own);
        return new SliceMetrics(
            Name, ranking.Rows, ranking.BaseRate, RocAuc.Of(ranking), PrAuc.Of(ranking), Confusion.At(ranking, threshold).F1, BrierScore.Of(ranking), CalibrationError.Of(ranking));
    }

    private static bool IsYesOrNo(FeatureTable features, int column)
    {
        for (int row = 0; row < features.Rows; row++)
        {
            float value = features.Values[(row * features.Columns) + column];
            if (value is not (0 or 1) && !float.IsNaN(value))
                return false;
        }

        return true;
    }

    private static float Median(FeatureTable features, int column)
    {
        int step = Math.Max(1, (features.Rows + MedianRows - 1) / MedianRows);
        var known = new List<float>();
        for (int row = 0; row < features.Rows; row += step)
        {
            float value = features.Values[(row * features.Columns) + column];
            if (!float.IsNaN(value))
                known.Add(value);
        }

        known.Sort();
        return known.ElementAtOrDefault(known.Count / 2);
    }

    /// <returns>Null where it says nothing.</returns>
    private static Slice? Of(LabelledTable table, string name, int column, Func<float, bool> belongs)
    {
        (float[] values, int columns) = (table.Features.Values, table.Features.Columns);
        var rows = new BitArray(table.Rows);
        (int members, int positives) = (0, 0);
        for (int row = 0; row < rows.Length; row++)
        {
            if (!belongs(values[(row * columns) + column]))
                continue;
            rows[row] = true;
            members++;
            positives += table.Labels[row] ? 1 : 0;
        }

        bool says = members >= LeastRows && members < rows.Length && positives >= LeastOfEachLabel && members - positives >= LeastOfEachLabel;
        return says ? new Slice(name, rows) : null;
    }
}
