namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Outputs of <see cref="VersionDatasetsTask"/>.</summary>
public sealed record VersionDatasetsOutputs(IReadOnlyList<VersionedDataset> Datasets);
