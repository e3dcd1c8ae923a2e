namespace EcomWorkflows.Pipeline.Training;

/// <summary>Feature values, row after row, one single-precision number per column; NaN where a value is not known.</summary>
public sealed class FeatureTable
{
    /// <exception cref="ArgumentException">The number of values is not rows × columns.</exception>
    public FeatureTable(IReadOnlyList<string> names, float[] values, int rows)
    {
        if (values.LongLength != (long)rows * names.Count)
            throw new ArgumentException($"{rows} rows × {names.Count} columns need {(long)rows * names.Count} values, got {values.LongLength}.", nameof(values));
        (Names, Columns, Values, Rows) = (names, names.Count, values, rows);
    }

    public IReadOnlyList<string> Names { get; }

    public float[] Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>A copy of the given rows, in the given order.</summary>
    public FeatureTable Take(ReadOnlySpan<int> rows)
    {
        float[] taken = new float[rows.Length * Columns];
        for (int i = 0; i < rows.Length; i++)
            Row(rows[i]).CopyTo(taken.AsSpan(i * Columns));
        return new FeatureTable(Names, taken, rows.Length);
    }
}
