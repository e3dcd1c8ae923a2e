namespace EcomWorkflows.Pipeline.Training.Segments;

/// <summary>What a segment's customers have in common.</summary>
/// <param name="Segment">Its number, from 1.</param>
/// <param name="Means">Mean of each feature, over customers where it is known.</param>
public sealed record SegmentProfile(int Segment, long Customers, double Share, IReadOnlyDictionary<string, double> Means);
