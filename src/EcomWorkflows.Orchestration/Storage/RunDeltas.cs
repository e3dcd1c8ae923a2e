using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Changes of counters that outcomes cause at the tasks below, gathered so that one statement writes them.</summary>
internal sealed class RunDeltas
{
    private readonly Dictionary<(long RunId, string TaskId), UpstreamCounts> deltas = [];

    public bool IsEmpty => deltas.Count == 0;

    public IReadOnlyCollection<KeyValuePair<(long RunId, string TaskId), UpstreamCounts>> All => deltas;

    /// <summary>An instance has finished: those below count it and, where it was a gate, need not wait for it any more.</summary>
    public void Finish(RunGraph graph, FinishedInstance finished)
    {
        Move(graph, finished.RunId, finished.TaskId, TaskState.None, finished.State, finished.IsBypassed);
        foreach (var waiting in graph.Gates.WaitingFor(finished.TaskId))
            Add(finished.RunId, waiting, new UpstreamCounts { OpenGates = -1 });
    }

    /// <summary>An instance that is not decided anew has another state than before.</summary>
    public void Move(RunGraph graph, long runId, string taskId, TaskState before, TaskState after, bool isBypassed = false)
    {
        var change = default(UpstreamCounts).With(after, isBypassed) - default(UpstreamCounts).With(before);
        var ofSetup = default(SetupCounts).With(after) - default(SetupCounts).With(before);
        Add(graph, runId, taskId, change, ofSetup);
    }

    /// <summary>A mapped task has got further instances.</summary>
    public void Grow(RunGraph graph, long runId, string taskId, int instances) =>
        Add(graph, runId, taskId, new UpstreamCounts { Total = instances }, new SetupCounts { Total = instances });

    private void Add(RunGraph graph, long runId, string taskId, UpstreamCounts change, SetupCounts ofSetup)
    {
        foreach (var downstream in graph.Downstream(taskId))
            Add(runId, downstream, change);
        foreach (var looking in graph.Setups.Dependents(taskId))
            Add(runId, looking, new UpstreamCounts { Setups = ofSetup });
    }

    private void Add(long runId, string taskId, UpstreamCounts change) =>
        deltas[(runId, taskId)] = deltas.GetValueOrDefault((runId, taskId)) + change;
}
