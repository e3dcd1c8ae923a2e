using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A dataset with its versions, newest first.</summary>
public sealed record DatasetModel(string Dataset, IReadOnlyList<DatasetVersion> Versions);
