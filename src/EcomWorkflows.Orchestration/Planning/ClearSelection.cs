namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Which task instances of a run a clear (rerun) or mark is about; semantics, section 5.</summary>
/// <param name="TaskIds">All instances of these tasks. Null, with no <see cref="Instances"/>, means every task.</param>
/// <param name="OnlyFailed">Of what is selected, only failed and upstream_failed instances.</param>
public sealed record ClearSelection(IReadOnlyList<string>? TaskIds = null, bool OnlyFailed = true, bool Downstream = false, bool Upstream = false)
{
    /// <summary>Single instances of mapped tasks, besides <see cref="TaskIds"/>.</summary>
    public IReadOnlyList<InstanceKey> Instances { get; init; } = [];

    private bool IsEverything => TaskIds is null && Instances.Count == 0;

    /// <summary>The instances selected in a run, upstreams first. Instances that were removed are nobody's any more and are left out.</summary>
    /// <exception cref="ArgumentException">A named task or instance does not exist in the run.</exception>
    public IReadOnlyList<InstanceKey> Resolve(RunGraph graph, IReadOnlyDictionary<InstanceKey, InstanceFacts> instances)
    {
        if (Named().FirstOrDefault(t => !graph.Contains(t)) is { } unknown)
        {
            throw new ArgumentException(
                $"DAG {graph.Dag.DagId} has no task '{unknown}'; its tasks are: {string.Join(", ", graph.TopologicalOrder)}.", nameof(graph));
        }
        var byTask = instances.Keys.Where(k => instances[k].State != TaskState.Removed).ToLookup(k => k.TaskId, StringComparer.Ordinal);
        foreach (var key in Instances.Where(k => !byTask[k.TaskId].Contains(k)))
        {
            throw new ArgumentException(
                $"Task '{key.TaskId}' has no instance {key.MapIndex} in this run; it has: {string.Join(", ", byTask[key.TaskId].Select(k => k.MapIndex).Order())}.", nameof(instances));
        }
        var whole = new HashSet<string>(IsEverything ? graph.TopologicalOrder : TaskIds ?? [], StringComparer.Ordinal);
        if (Downstream)
            whole.UnionWith(graph.WithDescendants(Named()).Except(Named().Except(whole)));
        if (Upstream)
            whole.UnionWith(graph.WithAncestors(Named()).Except(Named().Except(whole)));
        var single = Instances.ToHashSet();
        return [.. graph.TopologicalOrder.SelectMany(t => byTask[t].OrderBy(k => k.MapIndex))
            .Where(k => whole.Contains(k.TaskId) || single.Contains(k))
            .Where(k => !OnlyFailed || instances[k].State is TaskState.Failed or TaskState.UpstreamFailed)];
    }

    /// <summary>The selection as far as it can be made in a run of another version; null where that is nothing.</summary>
    public ClearSelection? In(RunGraph graph)
    {
        if (IsEverything)
            return this;
        var known = this with { TaskIds = [.. (TaskIds ?? []).Where(graph.Contains)], Instances = [.. Instances.Where(k => graph.Contains(k.TaskId))] };
        return known.TaskIds.Count + known.Instances.Count == 0 ? null : known;
    }

    private IEnumerable<string> Named() => (TaskIds ?? []).Concat(Instances.Select(i => i.TaskId)).Distinct();
}
