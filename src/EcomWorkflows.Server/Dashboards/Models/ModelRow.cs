using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A version in a list.</summary>
public sealed record ModelRow(ModelVersion Version, IReadOnlyList<string> Aliases);
