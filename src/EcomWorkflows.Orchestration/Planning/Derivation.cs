namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Recomputes what follows from the outcomes of a run's tasks, after a clear or a mark changed some of them.</summary>
public static class Derivation
{
    /// <summary>
    /// Walks the graph once, upstreams first: derived states are forgotten and decided anew, undecided instances are decided; what an attempt or a person set stays.
    /// </summary>
    /// <returns>Per task: its counts, and its decision where it is undecided now (<see cref="TriggerDecision.Wait"/> for all others).</returns>
    public static IReadOnlyDictionary<string, (UpstreamCounts Counts, TaskState State, bool IsDerived, bool Runs)> Recompute(
        RunGraph graph, IReadOnlyDictionary<string, InstanceFacts> instances)
    {
        var result = new Dictionary<string, (UpstreamCounts, TaskState State, bool, bool)>(instances.Count, StringComparer.Ordinal);
        foreach (var taskId in graph.TopologicalOrder)
        {
            var counts = default(UpstreamCounts);
            foreach (var upstream in graph.Upstream(taskId))
                counts = (counts with { Total = counts.Total + 1 }).With(result[upstream].State);
            var facts = instances[taskId];
            var state = facts.IsDerived && facts.State.IsFinished() ? TaskState.None : facts.State;
            var decision = state == TaskState.None ? TriggerRules.Decide(graph.Task(taskId).Settings.TriggerRule, counts) : TriggerDecision.Wait;
            result[taskId] = decision switch
            {
                TriggerDecision.Skip => (counts, TaskState.Skipped, true, false),
                TriggerDecision.FailUpstream => (counts, TaskState.UpstreamFailed, true, false),
                TriggerDecision.Run => (counts, TaskState.None, false, true),
                _ => (counts, state, false, false),
            };
        }
        return result;
    }
}
