using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Two versions of a model.</summary>
/// <param name="SameTestRows">Only then are their figures comparable as they stand.</param>
public sealed record ModelComparisonModel(ModelVersion First, ModelVersion Second, bool SameTestRows);
