namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>All columns prepared for a method that compares or adds them, as their <see cref="ColumnScaling"/> says.</summary>
internal static class StandardisedRows
{
    private const int RowsPerBlock = 8_192;

    /// <summary>Learns the scalings from the table and applies them to it.</summary>
    /// <exception cref="ArgumentException">A column holds an infinite value.</exception>
    internal static (ColumnScaling[] Scalings, float[] Rows) Of(FeatureTable table, ParallelOptions parallel)
    {
        var scalings = new ColumnScaling[table.Columns];
        Parallel.For(0, table.Columns, parallel, column => scalings[column] = ColumnScaling.Fit(table, column));
        return (scalings, Apply(table, scalings, parallel));
    }

    internal static float[] Apply(FeatureTable table, ColumnScaling[] scalings, ParallelOptions parallel)
    {
        float[] standardised = new float[table.Values.Length];
        Parallel.For(0, (table.Rows + RowsPerBlock - 1) / RowsPerBlock, parallel, block =>
        {
            int end = Math.Min(table.Rows, (block + 1) * RowsPerBlock);
            for (int row = block * RowsPerBlock; row < end; row++)
            {
                int start = row * table.Columns;
                for (int column = 0; column < scalings.Length; column++)
                    standardised[start + column] = (float)scalings[column].Apply(table.Values[start + column]);
            }
        });
        return standardised;
    }
}
