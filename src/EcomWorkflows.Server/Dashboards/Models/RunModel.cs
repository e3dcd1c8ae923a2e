using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>One run with everything its page shows.</summary>
/// <param name="WaitsFor">Why the run itself does not go on.</param>
/// <param name="Waiting">Why an instance is not running.</param>
public sealed record RunModel(
    RunView View,
    GraphPicture Picture,
    ILookup<long, AttemptInfo> Attempts,
    IReadOnlyList<RunResult> Results,
    IReadOnlyList<string> WaitsFor,
    IReadOnlyDictionary<InstanceKey, string> Waiting,
    DateTimeOffset Now,
    string? Notice)
{
    public RunInfo Run => View.Run;

    public bool IsActive => Run.State is "queued" or "running";

    public bool HasFailedTasks => View.Instances.Any(i => i.State is "failed" or "upstream_failed");

    public string Address => Links.Run(Run.DagId, Run.RunKey);

    /// <summary>The span the timeline covers: from the first attempt's start to the last end, or now.</summary>
    public (DateTimeOffset Start, TimeSpan Length) Span
    {
        get
        {
            var attempts = Attempts.SelectMany(a => a).ToList();
            if (attempts.Count == 0)
                return (Now, TimeSpan.FromSeconds(1));
            var start = attempts.Min(a => a.StartedAt);
            var end = attempts.Max(a => a.EndedAt ?? Now);
            return (start, end - start > TimeSpan.FromMilliseconds(1) ? end - start : TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>State → how many task instances are in it, in the order of a task's life.</summary>
    public IEnumerable<(string State, int Count)> Counts => View.Instances.GroupBy(i => i.State).Select(g => (g.Key, g.Count())).OrderBy(c => c.Key, StringComparer.Ordinal);
}
