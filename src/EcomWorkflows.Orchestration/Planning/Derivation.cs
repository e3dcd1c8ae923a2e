namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Recomputes what follows from the outcomes of a run's tasks, after a clear or a mark changed some of them.</summary>
public static class Derivation
{
    /// <summary>
    /// Walks the graph once, upstreams first: derived states are forgotten and decided anew, undecided instances are decided; what an attempt or a person set stays.
    /// An instance that was removed stays removed until its list is read again.
    /// </summary>
    public static IReadOnlyDictionary<InstanceKey, DerivedInstance> Recompute(RunGraph graph, IReadOnlyDictionary<InstanceKey, InstanceFacts> instances)
    {
        var result = new Dictionary<InstanceKey, DerivedInstance>(instances.Count);
        var byTask = instances.Keys.ToLookup(k => k.TaskId, StringComparer.Ordinal);
        var outcomes = new Dictionary<string, Outcomes>(StringComparer.Ordinal);
        var skipped = new HashSet<string>(StringComparer.Ordinal);
        var openGates = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var taskId in graph.TopologicalOrder)
        {
            var counts = new UpstreamCounts { OpenGates = openGates.GetValueOrDefault(taskId) };
            foreach (var upstream in graph.Upstream(taskId))
                counts += outcomes[upstream].AsUpstream;
            foreach (var setup in graph.Setups.Of(taskId))
                counts = counts with { Setups = counts.Setups + outcomes[setup].AsSetup };
            var own = default(Outcomes);
            foreach (var key in byTask[taskId])
            {
                var facts = instances[key];
                var derived = Decide(graph, key, facts, counts, skipped);
                result[key] = derived;
                own = own.With(derived.State, derived.IsBypassed);
                Speak(graph, key, derived, facts, skipped, openGates);
            }
            outcomes[taskId] = own;
        }
        return result;
    }

    private static DerivedInstance Decide(RunGraph graph, InstanceKey key, InstanceFacts facts, UpstreamCounts counts, HashSet<string> skipped)
    {
        var state = facts.IsDerived && facts.State.IsFinished() && facts.State != TaskState.Removed ? TaskState.None : facts.State;
        if (state != TaskState.None)
            return new DerivedInstance(counts, state, state == TaskState.Removed && facts.IsDerived, Runs: false, IsBypassed: false);
        if (skipped.Contains(key.TaskId))
            return new DerivedInstance(counts, TaskState.Skipped, IsDerived: true, Runs: false, graph.Gates.CanBeBypassed(key.TaskId));
        var decision = Readiness.Decide(graph.Rule(key.TaskId), counts, graph.IndexForRules(key.TaskId, key.MapIndex));
        return new DerivedInstance(
            counts, decision.StateWithoutRun(), decision.StateWithoutRun() != TaskState.None, decision == TriggerDecision.Run, decision == TriggerDecision.Bypass);
    }

    /// <summary>What a branch or short circuit means for the tasks below it.</summary>
    private static void Speak(
        RunGraph graph, InstanceKey key, DerivedInstance derived, InstanceFacts facts, HashSet<string> skipped, Dictionary<string, int> openGates)
    {
        foreach (var task in derived.State.IsFinished() ? [] : graph.Gates.WaitingFor(key.TaskId))
            openGates[task] = openGates.GetValueOrDefault(task) + 1;
        if (derived.State == TaskState.Success)
            skipped.UnionWith(graph.Gates.SkippedBy(key.TaskId, facts.Routing));
    }

    /// <summary>How the instances of one task ended.</summary>
    private readonly record struct Outcomes(UpstreamCounts AsUpstream, SetupCounts AsSetup)
    {
        public Outcomes With(TaskState state, bool isBypassed) => new(
            (AsUpstream with { Total = AsUpstream.Total + 1 }).With(state, isBypassed), (AsSetup with { Total = AsSetup.Total + 1 }).With(state));
    }
}
