namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A dataset and its newest version.</summary>
/// <param name="Versions">How many there are.</param>
/// <param name="Since">When its first version was made.</param>
public sealed record DatasetSummary(string Dataset, DatasetVersion Newest, int Versions, DateTimeOffset Since);
