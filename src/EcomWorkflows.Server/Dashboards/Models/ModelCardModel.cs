using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <param name="Html">The card's text, marked up.</param>
public sealed record ModelCardModel(ModelVersion Version, string Html);
