namespace EcomWorkflows.Pipeline.Training.Segments;

/// <summary>Settings of K-Means.</summary>
public sealed record KMeansSettings
{
    /// <summary>Number of segments, 2 or more.</summary>
    public required int Clusters { get; init; }

    /// <summary>Starts from different centroids; the result with the least inertia is kept.</summary>
    public int Restarts { get; init; } = 10;

    /// <summary>Per start.</summary>
    public int MaxIterations { get; init; } = 300;

    public int Seed { get; init; } = 42;
}
