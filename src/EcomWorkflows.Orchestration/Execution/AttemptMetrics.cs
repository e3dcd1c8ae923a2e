using System.Diagnostics.Metrics;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Counts the attempts this node has ended, by state and cause.</summary>
internal static class AttemptMetrics
{
    private static readonly Meter Meter = new("EcomWorkflows.Orchestration");
    private static readonly Counter<long> Ended = Meter.CreateCounter<long>("ecom.orchestrator.attempts", "{attempt}", "Attempts this node has ended, by state and cause.");

    /// <param name="refused">Attempts that were fenced: their outcome counts for nothing.</param>
    public static void Record(IEnumerable<AttemptOutcome> outcomes, IReadOnlyList<long> refused)
    {
        if (!Ended.Enabled)
            return;
        foreach (var outcome in outcomes.Where(outcome => !outcome.Waits))
        {
            var state = refused.Contains(outcome.AttemptId) ? "fenced" : outcome.State.ToWire();
            Ended.Add(1, new KeyValuePair<string, object?>("state", state), new KeyValuePair<string, object?>("cause", outcome.Cause?.ToWire() ?? "none"));
        }
    }
}
