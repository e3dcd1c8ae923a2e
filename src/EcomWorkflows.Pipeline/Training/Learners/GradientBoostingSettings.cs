namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Settings of gradient-boosted trees.</summary>
public sealed record GradientBoostingSettings
{
    private const int RowsPerTree = 200_000;

    /// <summary>Trees at most.</summary>
    public int Rounds { get; init; } = 300;

    public int MaxDepth { get; init; } = 5;

    public double LearningRate { get; init; } = 0.05;

    /// <summary>Share of rows each tree sees.</summary>
    public double RowShare { get; init; } = 0.8;

    /// <summary>Share of columns each tree sees.</summary>
    public double ColumnShare { get; init; } = 0.8;

    /// <summary>Least sum of second derivatives in a leaf.</summary>
    public double MinChildWeight { get; init; } = 5;

    /// <summary>With validation rows: stop when their log loss has not fallen for this many rounds.</summary>
    public int PatienceRounds { get; init; } = 10;

    /// <summary>
    /// Settings for so many training rows: the careful ones (many small steps) where data are scarce, fewer and larger steps where each round is expensive
    /// and early stopping has enough rows to judge by. A tree learns its splits as well from <see cref="RowsPerTree"/> rows as from more of them, so of
    /// very large tables each tree sees a smaller share; together they see all rows. (On 730,000 rows the largest steps cost 0.1 % of the log loss.)
    /// </summary>
    public static GradientBoostingSettings For(int rows) => rows switch
    {
        <= 50_000 => new GradientBoostingSettings(),
        <= RowsPerTree * 5 / 4 => new GradientBoostingSettings { Rounds = 200, MaxDepth = 6, LearningRate = 0.1 },
        _ => new GradientBoostingSettings
        {
            Rounds = 200, MaxDepth = 5, LearningRate = 0.2, PatienceRounds = 5, RowShare = Math.Round((double)RowsPerTree / rows, 2),
        },
    };
}
