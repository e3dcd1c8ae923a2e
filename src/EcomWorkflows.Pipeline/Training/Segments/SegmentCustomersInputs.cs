using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Segments;

/// <summary>Inputs of <c>Ecom.SegmentCustomers</c>.</summary>
public sealed record SegmentCustomersInputs
{
    [TaskInput("Source whose customers are grouped.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("Features the customers are compared by; each is standardised, and taken logarithmically where its tail is long.")]
    public IReadOnlyList<string> Features { get; init; } = ["recency", "frequency", "monetary"];

    [TaskInput("Number of segments; 0 takes the number from 2 to 8 with the best silhouette.")]
    public int Clusters { get; init; } = 4;

    [TaskInput("Seed of the first centroids. The same seed and features give the same segments.")]
    public int Seed { get; init; } = 42;
}
