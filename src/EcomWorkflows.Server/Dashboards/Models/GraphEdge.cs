namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A dependency in a picture, as an SVG path.</summary>
/// <param name="State">State of the upstream's instance, which colours the edge.</param>
public sealed record GraphEdge(string Path, string? State);
