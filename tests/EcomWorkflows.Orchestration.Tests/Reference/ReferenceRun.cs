using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>
/// A second, slow interpreter of the semantics: it computes the states of all instances from scratch, again and again until nothing changes, and has no line in common
/// with the planner. Its rules are the text of the table.
/// </summary>
internal sealed class ReferenceRun(Dag dag, int paramListLength)
{
    private const int MaxMapLength = 1024;

    private readonly ReferenceDag graph = new(dag);
    private readonly Dictionary<string, List<ReferenceInstance>> instances =
        dag.Tasks.ToDictionary(t => t.TaskId, t => new List<ReferenceInstance> { new(t.TaskId, -1) });

    private Dictionary<ReferenceInstance, (string State, bool Bypassed)> states = [];

    public IEnumerable<ReferenceInstance> Instances => graph.Order.SelectMany(t => instances[t]);

    public ReferenceDag Graph => graph;

    public ReferenceInstance Find(string taskId, int index) => instances[taskId].Single(i => i.Index == index);

    public string StateOf(ReferenceInstance instance) => states.TryGetValue(instance, out var known) ? known.State : "none";

    public bool IsFinished => Instances.All(i => IsFinal(StateOf(i)));

    /// <summary>State of the run once nothing is unfinished.</summary>
    public string FinalState()
    {
        var counting = dag.Tasks.Where(t => t.Settings.CountsForRun ?? !t.Settings.IsTeardown).Select(t => t.TaskId).ToHashSet();
        var leaves = counting.Where(t => !graph.Downstream(t).Any(counting.Contains)).ToList();
        if (leaves.Count == 0)
            leaves = [.. dag.Tasks.Select(t => t.TaskId).Where(t => graph.Downstream(t).Count == 0)];
        if (leaves.SelectMany(t => instances[t]).Any(i => StateOf(i) is "failed" or "upstream_failed"))
            return "failed";
        return dag.Settings.FailIfAnyFailed && counting.Any(t => instances[t].Any(i => StateOf(i) == "failed") && !IsHandled(t)) ? "failed" : "success";
    }

    /// <summary>Whether the run was opened again while its DAG is paused: rules are followed, but nothing is queued and no list is looked at until it starts.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Derives everything anew and queues what can run.</summary>
    public void Settle()
    {
        while (true)
        {
            states = [];
            foreach (var task in graph.Order)
            {
                foreach (var instance in instances[task])
                {
                    states[instance] = instance.Fact is { } fact ? (fact, false) : Derive(task, instance);
                    if (states[instance].State == "removed")
                        instance.Fact = "removed";
                }
            }
            var ready = Instances.Where(i => StateOf(i) == "run").ToList();
            foreach (var instance in ready)
                states[instance] = ("none", false);
            if (IsWaiting)
                return;
            var changed = false;
            foreach (var task in ready.Select(r => r.TaskId).Distinct().ToList())
            {
                if (graph.Task(task).Settings.MapOver is { } source)
                    changed |= Map(task, MapSource.Parse(source)!);
                else
                    changed = Queue(instances[task].Where(ready.Contains)) || changed;
            }
            if (!changed)
                return;
        }
    }

    public void Finish(ReferenceInstance instance, ScriptedOutcome outcome)
    {
        var settings = graph.Task(instance.TaskId).Settings;
        switch (outcome.Kind)
        {
            case OutcomeKind.Success:
                instance.Fact = "success";
                (instance.Ports, instance.CutsDirectOnly, instance.ListLength) = (outcome.Ports, outcome.CutsDirectOnly, outcome.ListLength);
                break;
            case OutcomeKind.Skip:
                instance.Fact = "skipped";
                break;
            case OutcomeKind.WorkerLost:
                instance.InfraTries++;
                instance.Fact = instance.InfraTries <= settings.InfraRetries ? "queued" : "failed";
                break;
            case OutcomeKind.Fail:
                instance.UserTries++;
                instance.Fact = instance.UserTries > settings.Retries ? "failed" : settings.RetryDelay > TimeSpan.Zero ? "up_for_retry" : "queued";
                break;
            default:
                instance.UserTries++;
                instance.Fact = "failed";
                break;
        }
    }

    public void RetriesAreDue()
    {
        foreach (var instance in Instances.Where(i => i.Fact == "up_for_retry"))
            instance.Fact = "queued";
    }

    public void Clear(IReadOnlyCollection<string>? taskIds, bool onlyFailed, bool downstream, bool upstream)
    {
        var cleared = Select(taskIds, downstream, upstream).Where(i => !onlyFailed || StateOf(i) is "failed" or "upstream_failed").ToList();
        ForgetDerived(cleared.Count > 0);
        cleared.ForEach(i => i.Clear());
    }

    public void Mark(IReadOnlyCollection<string> taskIds, string state)
    {
        var marked = Select(taskIds, downstream: false, upstream: false).Where(i => i.Fact != state || i.IsDerived).ToList();
        ForgetDerived(marked.Count > 0);
        marked.ForEach(i => i.Mark(state));
    }

    /// <summary>Everything unfinished fails; what had ended or was derived as finished stays.</summary>
    public void Cancel()
    {
        foreach (var instance in Instances.Where(i => !IsFinal(StateOf(i))).ToList())
            (instance.Fact, instance.IsDerived) = ("failed", false);
    }

    private IEnumerable<ReferenceInstance> Select(IReadOnlyCollection<string>? taskIds, bool downstream, bool upstream)
    {
        var selected = (taskIds ?? graph.Order).ToHashSet();
        foreach (var task in taskIds ?? [])
        {
            if (downstream)
                selected.UnionWith(graph.Below(task));
            if (upstream)
                selected.UnionWith(graph.Above(task));
        }
        return Instances.Where(i => selected.Contains(i.TaskId) && StateOf(i) != "removed");
    }

    private void ForgetDerived(bool somethingChanged)
    {
        foreach (var derived in Instances.Where(i => i.IsDerived && somethingChanged))
            (derived.Fact, derived.IsDerived) = (null, false);
    }

    private static bool IsFinal(string state) => state is "success" or "failed" or "skipped" or "upstream_failed" or "removed";

    private static bool Queue(IEnumerable<ReferenceInstance> ready)
    {
        var any = false;
        foreach (var instance in ready.ToList())
            (instance.Fact, any) = ("queued", true);
        return any;
    }

    private bool IsHandled(string failed) => graph.Below(failed).Any(h =>
        graph.Task(h).Settings.HandlesFailure && instances[h].Any(i => StateOf(i) == "success") && instances[h].All(i => StateOf(i) is "success" or "removed"));

    private (string State, bool Bypassed) Derive(string task, ReferenceInstance instance)
    {
        var isTeardown = graph.IsTeardown(task);
        if (!isTeardown && graph.Gates.Any(gate => Skips(gate, task)))
            return ("skipped", !graph.UpstreamOf(task).Any(graph.IsShortCircuit));
        if (!isTeardown && graph.Gates.Any(gate => graph.MaySkip(gate, task) && instances[gate].Any(i => !IsFinal(StateOf(i)))))
            return ("none", false);

        var upstream = graph.UpstreamOf(task).SelectMany(u => instances[u]).ToList();
        var setups = graph.SetupsOf(task).SelectMany(s => instances[s]).ToList();
        if (!isTeardown)
        {
            if (setups.Any(s => StateOf(s) is "failed" or "upstream_failed"))
                return ("upstream_failed", false);
            if (setups.Any(s => !IsFinal(StateOf(s))))
                return ("none", false);
            if (setups.Any(s => StateOf(s) == "skipped"))
                return ("skipped", false);
        }
        var rule = isTeardown ? TriggerRule.AllDoneSetupSuccess : graph.Task(task).Settings.TriggerRule;
        var finished = upstream.Where(u => IsFinal(StateOf(u))).ToList();
        if (!isTeardown && rule != TriggerRule.Always && finished.Count > 0 && finished.All(u => states[u].Bypassed))
            return finished.Count == upstream.Count ? ("skipped", true) : ("none", false);

        int Count(IEnumerable<ReferenceInstance> all, string state) => all.Count(i => StateOf(i) == state);
        var multiset = new RuleTable.Multiset(
            upstream.Count, Count(upstream, "success"), Count(upstream, "skipped"), Count(upstream, "failed"), Count(upstream, "upstream_failed"), Count(upstream, "removed"),
            setups.Count, Count(setups, "success"), Count(setups, "skipped"), Count(setups, "removed"));
        return (RuleTable.Decide(rule, multiset, graph.IsMappedOverInstances(task) ? instance.Index : -1) ?? "none", false);
    }

    /// <summary>Whether a successful branch or short circuit skips a task, whatever its rule says.</summary>
    private bool Skips(string gate, string task)
    {
        var said = instances[gate][0];
        if (said.Fact != "success")
            return false;
        if (said.CutsDirectOnly is { } direct)
            return direct ? graph.Downstream(gate).Contains(task) : graph.Below(gate).Contains(task);
        if (said.Ports is not { } ports || !dag.Edges.Any(e => e.From == gate && e.To == task && e.Port != DagEdge.DonePort))
            return false;
        var taken = dag.Edges.Where(e => e.From == gate && (e.Port == DagEdge.DonePort || ports.Contains(e.Port))).Select(e => e.To).Distinct();
        return !taken.Any(t => t == task || graph.Below(t).Contains(task));
    }

    /// <summary>Fits the instances of a task that is about to run to its list; true where something changed.</summary>
    private bool Map(string task, MapSource source)
    {
        var own = instances[task];
        var waiting = own.Where(i => i.Fact is null).ToList();
        int? length = paramListLength;
        if (source.TaskId is { } upstreamId)
        {
            var upstream = instances[upstreamId];
            if (upstream.Any(u => !IsFinal(StateOf(u))))
                return false;
            var successful = upstream.Where(u => StateOf(u) == "success").ToList();
            if (successful.Count == 0)
            {
                var failed = upstream.Any(u => StateOf(u) is "failed" or "upstream_failed");
                return Derived(waiting, failed ? "upstream_failed" : "skipped");
            }
            length = successful[0].Index < 0 ? successful[0].ListLength : successful.Exists(s => s.ListLength is null) ? null : successful.Count;
        }
        if (length is null or > MaxMapLength)
            return Derived(waiting, "failed");
        if (length == 0)
        {
            var first = own.MinBy(i => i.Index)!;
            foreach (var surplus in own.Where(i => i != first))
                surplus.Fact = "removed";
            first.Index = -1;
            first.Clear();
            return Derived([first], "skipped");
        }
        foreach (var surplus in own.Where(i => i.Index >= length))
            surplus.Fact = "removed";
        foreach (var back in own.Where(i => i.Index < length && i.Fact == "removed"))
            back.Clear();
        if (own[0].Index < 0)
            own[0].Index = 0;
        for (var index = 0; index < length; index++)
        {
            if (own.TrueForAll(i => i.Index != index))
                own.Add(new ReferenceInstance(task, index));
        }
        return Queue(own.Where(i => i.Fact is null));
    }

    /// <summary>A state the mapping has set; like every derived state it is forgotten by the next clear.</summary>
    private static bool Derived(IReadOnlyCollection<ReferenceInstance> waiting, string state)
    {
        foreach (var instance in waiting)
            (instance.Fact, instance.IsDerived) = (state, true);
        return waiting.Count > 0;
    }
}
