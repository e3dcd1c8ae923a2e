namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Some rows with their predictions. The memory is used again for later rows, so whoever takes a block copies what he keeps.</summary>
internal sealed class ScoredBlock(int keys, int columns, int capacity)
{
    internal IReadOnlyList<RowKeys> Keys { get; } = [.. Enumerable.Range(0, keys).Select(_ => new RowKeys())];

    /// <summary>Feature values, row after row.</summary>
    internal float[] Values { get; } = new float[capacity * columns];

    internal float[] Probabilities { get; } = new float[capacity];

    /// <summary>Number of the first row among all rows scored.</summary>
    internal int First { get; private set; }

    internal int Rows { get; set; }

    internal ReadOnlySpan<float> ValuesOf(int row) => Values.AsSpan(row * columns, columns);

    internal void Restart(int first)
    {
        (First, Rows) = (first, 0);
        foreach (RowKeys column in Keys)
            column.Clear();
    }
}
