namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The state of a run as a pure function of the states of its task instances; semantics, section 3.</summary>
public static class RunStateRule
{
    /// <param name="canMoveOn">False when nothing is runnable, in flight or waiting for time, slot or input: a run with unfinished instances has then failed (deadlock).</param>
    public static RunState Decide(RunGraph graph, IReadOnlyCollection<(string TaskId, TaskState State)> instances, bool canMoveOn = true)
    {
        // Tasks of an older version of the DAG that the run has left behind say nothing about it.
        instances = [.. instances.Where(i => graph.Contains(i.TaskId))];
        if (instances.Any(i => !i.State.IsFinished()))
            return canMoveOn ? RunState.Running : RunState.Failed;
        var leaves = Leaves(graph);
        if (instances.Any(i => i.State is TaskState.Failed or TaskState.UpstreamFailed && leaves.Contains(i.TaskId)))
            return RunState.Failed;
        return graph.Dag.Settings.FailIfAnyFailed && HasUncoveredFailure(graph, instances) ? RunState.Failed : RunState.Success;
    }

    /// <summary>Tasks that nothing below them speaks for; where no task counts, the plain leaves.</summary>
    private static HashSet<string> Leaves(RunGraph graph)
    {
        var leaves = graph.TopologicalOrder.Where(t => graph.Counts(t) && !graph.Downstream(t).Any(graph.Counts)).ToHashSet(StringComparer.Ordinal);
        return leaves.Count > 0 ? leaves : graph.TopologicalOrder.Where(graph.IsLeaf).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether a counting task has failed below which no declared handler has succeeded.</summary>
    private static bool HasUncoveredFailure(RunGraph graph, IReadOnlyCollection<(string TaskId, TaskState State)> instances)
    {
        var failed = instances.Where(i => i.State == TaskState.Failed && graph.Counts(i.TaskId)).Select(i => i.TaskId).ToHashSet(StringComparer.Ordinal);
        if (failed.Count == 0)
            return false;
        var handlers = instances.GroupBy(i => i.TaskId, StringComparer.Ordinal)
            .Where(g => graph.Task(g.Key).Settings.HandlesFailure && g.Any(i => i.State == TaskState.Success) && g.All(i => i.State is TaskState.Success or TaskState.Removed))
            .Select(g => g.Key).ToList();
        var covered = graph.WithAncestors(handlers.SelectMany(graph.Upstream));
        return !failed.IsSubsetOf(covered);
    }
}
