namespace EcomWorkflows.XGBoost;

/// <summary>Checks the one thing native code cannot: that the memory is as large as the shape says.</summary>
internal static class DenseShape
{
    internal static void Validate(int values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (values != (long)rows * columns)
            throw new ArgumentException($"{rows} rows × {columns} columns need {(long)rows * columns} values, got {values}.", nameof(values));
    }
}
