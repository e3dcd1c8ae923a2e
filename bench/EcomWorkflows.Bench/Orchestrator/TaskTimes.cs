using System.Collections.Concurrent;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Bench.Orchestrator;

/// <summary>When the bodies of tasks began and ended, in <see cref="System.Diagnostics.Stopwatch"/> ticks of this process.</summary>
internal sealed class TaskTimes
{
    private readonly ConcurrentDictionary<(long RunId, string TaskId, int Try), (long Started, long Ended)> times = new();

    public int Count => times.Count;

    public void Note(AttemptIdentity attempt, long started, long ended) => times[(attempt.RunId, attempt.TaskId, attempt.TryNumber)] = (started, ended);

    public void Clear() => times.Clear();

    public long FirstStart() => times.Values.Min(t => t.Started);

    public long LastEnd() => times.Values.Max(t => t.Ended);

    public IEnumerable<(long Started, long Ended)> OfTry(int tryNumber) => times.Where(t => t.Key.Try == tryNumber).Select(t => t.Value);

    /// <summary>From the end of a task's last upstream body to the start of its own, in milliseconds, for every task of a run that has upstreams.</summary>
    public IEnumerable<double> HandOvers(long runId, Dag dag) =>
        dag.Edges.GroupBy(e => e.To).Select(into => Milliseconds.Between(into.Max(e => times[(runId, e.From, 1)].Ended), times[(runId, into.Key, 1)].Started));
}
