using EcomWorkflows.Pipeline.Validation;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The newest validation results and what was asked for.</summary>
public sealed record QualityModel(IReadOnlyList<QualitySummary> Results, QualityFilter Filter);
