using System.Diagnostics;

namespace EcomWorkflows.Bench.Orchestrator;

/// <summary>Arithmetic on measured times.</summary>
internal static class Milliseconds
{
    public static double Between(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    /// <param name="share">0.5 for the median.</param>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Clamp(Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
