using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>All datasets.</summary>
public sealed record DatasetListModel(IReadOnlyList<DatasetSummary> Datasets);
