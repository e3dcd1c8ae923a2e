using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The feature values of one chunk of a reader, by column.</summary>
internal sealed class FeatureBlock(int features)
{
    private readonly double[][] values = [.. Enumerable.Range(0, features).Select(_ => Array.Empty<double>())];
    private readonly ulong[][] valid = [.. Enumerable.Range(0, features).Select(_ => Array.Empty<ulong>())];

    public int Features => features;

    public double this[int row, int feature] => values[feature][row];

    public bool IsNull(int row, int feature) => valid[feature] is { Length: > 0 } bits && (bits[row >> 6] & (1UL << (row & 63))) == 0;

    /// <summary>Takes over the reader's current chunk.</summary>
    /// <param name="firstColumn">Column of the first feature.</param>
    public void Load(DuckDbReader rows, int firstColumn)
    {
        for (var feature = 0; feature < features; feature++)
        {
            var column = rows.Column<double>(firstColumn + feature);
            if (values[feature].Length < column.Length)
                values[feature] = new double[column.Length];
            column.CopyTo(values[feature]);
            valid[feature] = rows.Validity(firstColumn + feature).ToArray();
        }
    }
}
