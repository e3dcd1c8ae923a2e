namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Settings of the linear booster; penalties are per row, so they mean the same on tables of any size.</summary>
public sealed record ElasticNetSettings
{
    public double L1 { get; init; } = 0.001;

    public double L2 { get; init; } = 0.0005;

    /// <summary>Passes over all columns.</summary>
    public int Rounds { get; init; } = 60;
}
