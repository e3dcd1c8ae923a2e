namespace EcomWorkflows.Server.Metrics;

/// <summary>A metric with its values.</summary>
/// <param name="Type">Prometheus' word: <c>gauge</c>, <c>counter</c> or <c>summary</c>.</param>
/// <param name="Help">What it is and its unit.</param>
internal sealed record Metric(string Name, string Type, string Help, IReadOnlyList<Sample> Samples);
