namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>A feature table with at most <see cref="MaxCuts"/> cut points per column: a tree then looks for its splits among bins instead of values.</summary>
/// <param name="Cuts">Per column, rising. Value x lies in bin 1 + (number of cuts ≤ x); a missing value in bin 0.</param>
/// <param name="Bins">Per column, one bin per row.</param>
internal sealed record BinnedTable(IReadOnlyList<float[]> Cuts, IReadOnlyList<byte[]> Bins, int Rows)
{
    internal const int MaxCuts = 63;

    /// <summary>Rows the cut points are taken from.</summary>
    private const int SampleRows = 65_536;

    internal int Columns => Cuts.Count;

    internal static BinnedTable Of(FeatureTable table, ParallelOptions parallel)
    {
        float[][] cuts = new float[table.Columns][];
        byte[][] bins = new byte[table.Columns][];
        Parallel.For(0, table.Columns, parallel, column =>
        {
            cuts[column] = CutPoints(table, column);
            bins[column] = Assign(table, column, cuts[column]);
        });
        return new BinnedTable(cuts, bins, table.Rows);
    }

    private static float[] CutPoints(FeatureTable table, int column)
    {
        int step = Math.Max(1, table.Rows / SampleRows);
        var sample = new List<float>(Math.Min(table.Rows, SampleRows * 2));
        for (int row = 0; row < table.Rows; row += step)
        {
            float value = table.Values[(row * table.Columns) + column];
            if (!float.IsNaN(value))
                sample.Add(value);
        }

        sample.Sort();
        var cuts = new List<float>();
        float[] distinct = [.. sample.Distinct()];
        if (distinct.Length <= MaxCuts + 1)
        {
            for (int i = 1; i < distinct.Length; i++)
                cuts.Add(Between(distinct[i - 1], distinct[i]));
            return [.. cuts];
        }

        for (int i = 1; i <= MaxCuts; i++)
        {
            int position = (int)((long)i * sample.Count / (MaxCuts + 1));
            float cut = Between(sample[position - 1], sample[position]);
            if (cuts.Count == 0 || cut > cuts[^1])
                cuts.Add(cut);
        }

        return [.. cuts];
    }

    // Half way, so that new values near a training value fall on its side; the upper value where nothing lies between.
    private static float Between(float low, float high)
    {
        float middle = low + ((high - low) / 2);
        return middle > low ? middle : high;
    }

    private static byte[] Assign(FeatureTable table, int column, float[] cuts)
    {
        byte[] bins = new byte[table.Rows];
        for (int row = 0; row < bins.Length; row++)
        {
            float value = table.Values[(row * table.Columns) + column];
            if (float.IsNaN(value))
                continue;
            int found = Array.BinarySearch(cuts, value);
            bins[row] = (byte)(1 + (found >= 0 ? found + 1 : ~found));
        }

        return bins;
    }
}
