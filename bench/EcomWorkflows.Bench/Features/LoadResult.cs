namespace EcomWorkflows.Bench.Features;

/// <summary>What a load generator saw; times in milliseconds.</summary>
internal sealed record LoadResult(double PerSecond, double Median, double P99);
