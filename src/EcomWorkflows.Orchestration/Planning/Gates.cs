using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>
/// Branches and short circuits: whom they can skip, and who must wait for their word, so that the order in which tasks end cannot matter. Everything below a short
/// circuit waits for it, also what a rerun has put out of step with its upstreams. Teardowns are never skipped by a gate; their setups decide.
/// </summary>
public sealed class Gates
{
    private static readonly IReadOnlyList<string> None = [];

    private readonly RunGraph graph;
    private readonly Dictionary<string, IReadOnlyList<string>> waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);
    private readonly ILookup<string, DagEdge> branchEdges;

    public Gates(RunGraph graph)
    {
        this.graph = graph;
        branchEdges = graph.Dag.Edges.Where(e => e.Port != DagEdge.DonePort).ToLookup(e => e.From, StringComparer.Ordinal);
        foreach (var gate in graph.TopologicalOrder.Where(t => IsShortCircuit(t) || branchEdges.Contains(t)))
        {
            waiting[gate] = IsShortCircuit(gate) && !RespectsRules(gate) ? Below(gate) : [.. Targets(gate).Where(t => CanBeEarly(t, gate))];
            foreach (var task in waiting[gate])
                open[task] = open.GetValueOrDefault(task) + 1;
        }
    }

    /// <summary>Tasks that must not be decided before the gate has ended; empty for a task that is no gate.</summary>
    public IReadOnlyList<string> WaitingFor(string gate) => waiting.GetValueOrDefault(gate, None);

    /// <summary>How many gates a task waits for at the start.</summary>
    public int CountOf(string taskId) => open.GetValueOrDefault(taskId);

    /// <summary>
    /// Whether a skipped task passes on to those below that their way was not taken. Below a short circuit the rules decide, so one that stands directly under any never does.
    /// </summary>
    public bool CanBeBypassed(string taskId) => !graph.Upstream(taskId).Any(IsShortCircuit);

    /// <summary>The tasks a successful gate skips, whatever their rules say.</summary>
    public IReadOnlySet<string> SkippedBy(string gate, Routing? routing)
    {
        var skipped = new HashSet<string>(StringComparer.Ordinal);
        switch (routing)
        {
            case null:
                break;
            case { Skips: SkipScope.All }:
                skipped.UnionWith(graph.WithDescendants([gate]));
                skipped.Remove(gate);
                break;
            case { Skips: SkipScope.Direct }:
                skipped.UnionWith(graph.Downstream(gate));
                break;
            case { Ports: { } ports }:
                var chosen = graph.EdgesFrom(gate).Where(e => e.Port == DagEdge.DonePort || ports.Contains(e.Port)).Select(e => e.To);
                skipped.UnionWith(branchEdges[gate].Select(e => e.To));
                skipped.ExceptWith(graph.WithDescendants(chosen));
                break;
        }
        skipped.RemoveWhere(graph.ActsAsTeardown);
        return skipped;
    }

    private bool IsShortCircuit(string taskId) => graph.Task(taskId).TaskType == ControlTasks.ShortCircuit;

    private bool RespectsRules(string taskId) =>
        bool.TryParse(graph.Task(taskId).Inputs[ControlTasks.RespectTriggerRules]?.ToString(), out var respects) && respects;

    private IEnumerable<string> Targets(string gate) => (IsShortCircuit(gate) ? graph.Downstream(gate) : branchEdges[gate].Select(e => e.To).Distinct())
        .Where(t => !graph.ActsAsTeardown(t));

    private List<string> Below(string gate) => [.. graph.WithDescendants([gate]).Where(t => t != gate && !graph.ActsAsTeardown(t))];

    /// <summary>Whether a direct target can be decided although the gate has not ended.</summary>
    private bool CanBeEarly(string taskId, string gate) =>
        graph.Rule(taskId) == TriggerRule.Always || graph.Setups.Of(taskId).Any(s => s != gate) || (!WaitsForAll(taskId) && graph.Upstream(taskId).Count > 1);

    private bool WaitsForAll(string taskId) => graph.Rule(taskId) is TriggerRule.AllDone or TriggerRule.AllDoneMinOneSuccess;
}
