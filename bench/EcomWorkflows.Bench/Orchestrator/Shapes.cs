using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Bench.Orchestrator;

/// <summary>The DAGs that are measured.</summary>
internal static class Shapes
{
    public static Dag Chain(string dagId, int length, int milliseconds) =>
        Make(dagId, length, milliseconds, 0, Enumerable.Range(1, length - 1).Select(i => (i - 1, i)));

    /// <summary>One task, then <paramref name="width"/> at once, then one that waits for all of them.</summary>
    public static Dag Fan(string dagId, int width) =>
        Make(dagId, width + 2, 0, 0, Enumerable.Range(1, width).SelectMany(i => new[] { (0, i), (i, width + 1) }));

    /// <summary>A hundred chains side by side.</summary>
    public static Dag Braid(string dagId, int tasks) =>
        Make(dagId, tasks, 0, 0, Enumerable.Range(100, tasks - 100).Select(i => (i - 100, i)));

    /// <summary>Tasks without edges whose first try fails.</summary>
    public static Dag Retries(string dagId, int tasks, TimeSpan delay) => Make(dagId, tasks, 0, 1, [], new TaskSettings { Retries = 1, RetryDelay = delay });

    /// <summary>Paused, so that all of them can be let go at one moment.</summary>
    public static Dag Scheduled(string dagId, string schedule) =>
        Chain(dagId, 10, 0) with { Settings = new DagSettings { Schedule = [schedule], StartDate = DateTimeOffset.UnixEpoch, PausedOnCreation = true } };

    private static Dag Make(string dagId, int tasks, int milliseconds, int failures, IEnumerable<(int From, int To)> edges, TaskSettings? settings = null) => new(
        dagId, dagId, null, new DagSettings(), [],
        [.. Enumerable.Range(0, tasks).Select(i => new DagTask(
            $"t{i}", "Bench.Work", $"t{i}", new JsonObject { ["milliseconds"] = milliseconds, ["failures"] = failures }, settings ?? new TaskSettings()))],
        [.. edges.Select(e => new DagEdge($"t{e.From}", $"t{e.To}"))]);
}
