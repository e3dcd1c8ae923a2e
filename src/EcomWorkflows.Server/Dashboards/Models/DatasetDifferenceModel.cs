using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Comparison;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Two versions of a dataset and what is different between them.</summary>
/// <param name="Problem">Why they could not be compared; null where they were.</param>
public sealed record DatasetDifferenceModel(
    string Dataset, IReadOnlyList<DatasetVersion> Versions, int Before, int After, string? Key, DatasetDifference? Difference, string? Problem);
