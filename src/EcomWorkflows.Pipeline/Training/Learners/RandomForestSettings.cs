namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Settings of a random forest.</summary>
public sealed record RandomForestSettings
{
    private const int RowsPerTree = 200_000;

    public int Trees { get; init; } = 300;

    /// <summary>Leaves stop growing by <see cref="MinRowsInLeaf"/> long before this on small tables; it bounds memory on large ones.</summary>
    public int MaxDepth { get; init; } = 14;

    /// <summary>Share of rows each tree sees; 0.632 is what drawing with replacement would show it.</summary>
    public double RowShare { get; init; } = 0.632;

    /// <summary>Share of columns tried at each split; 0 is the square root of their number.</summary>
    public double ColumnShare { get; init; }

    public int MinRowsInLeaf { get; init; } = 5;

    /// <summary>Settings for so many training rows: on large tables fewer trees, each of a smaller share of the rows, and larger leaves.</summary>
    public static RandomForestSettings For(int rows) => rows <= 50_000
        ? new RandomForestSettings()
        : new RandomForestSettings { Trees = 100, MinRowsInLeaf = 20, RowShare = Math.Round(Math.Min(0.632, (double)RowsPerTree / rows), 3) };
}
