namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Settings of AdaBoost.</summary>
public sealed record AdaBoostSettings
{
    /// <summary>Trees at most; boosting stops before where a tree does no better than a coin.</summary>
    public int Trees { get; init; } = 150;

    /// <summary>1 to 3; 1 is stumps.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Share of each tree's vote that is kept.</summary>
    public double LearningRate { get; init; } = 0.5;

    public int MinRowsInLeaf { get; init; } = 5;
}
