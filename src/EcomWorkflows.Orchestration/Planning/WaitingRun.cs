namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What is known of a run whose waiting is to be explained.</summary>
/// <param name="ActiveRuns">Running runs that count against the DAG's cap.</param>
/// <param name="States">State of every instance, of tasks the run's version has.</param>
public sealed record WaitingRun(
    long RunId, string RunKey, RunState State, RunGraph Graph, bool IsDagPaused, bool IsBackfillPaused, int ActiveRuns, int LiveNodes,
    IReadOnlyDictionary<InstanceKey, TaskState> States, IReadOnlyDictionary<string, int> Pools, IReadOnlyList<(RunningInstance Instance, WaitHolder Holder)> Running)
{
    private readonly Lazy<HashSet<string>> open = new(() => States.Where(s => !s.Value.IsFinished()).Select(s => s.Key.TaskId).ToHashSet(StringComparer.Ordinal));

    private readonly Lazy<ILookup<string, string>> gates = new(() =>
        Graph.TopologicalOrder.SelectMany(gate => Graph.Gates.WaitingFor(gate).Select(below => (gate, below))).ToLookup(g => g.below, g => g.gate, StringComparer.Ordinal));

    /// <summary>The tasks with an unfinished instance that a task has to wait for: upstreams, setups, and branches that may still go past it.</summary>
    public IReadOnlyList<string> OpenBefore(string taskId) =>
        [.. Graph.Upstream(taskId).Concat(Graph.Setups.Of(taskId)).Concat(gates.Value[taskId]).Distinct().Where(open.Value.Contains)];
}
