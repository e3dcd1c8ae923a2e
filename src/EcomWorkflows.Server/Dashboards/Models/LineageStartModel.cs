using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Where a walk through the lineage can begin.</summary>
/// <param name="Customers">Those with the highest risk of the newest scorings.</param>
/// <param name="Pairs">The likeliest purchases of the newest scorings.</param>
/// <param name="Models">The newest version of each model.</param>
public sealed record LineageStartModel(
    string? Source, string? Customer, string? Item, IReadOnlyList<CustomerRow> Customers, IReadOnlyList<PairRow> Pairs, IReadOnlyList<ModelVersion> Models,
    IReadOnlyList<DatasetSummary> Datasets);
