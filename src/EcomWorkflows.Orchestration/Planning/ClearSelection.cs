namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Which task instances of a run a clear (rerun) is about; semantics, section 5.</summary>
/// <param name="TaskIds">Null means every task.</param>
public sealed record ClearSelection(IReadOnlyList<string>? TaskIds = null, bool OnlyFailed = true, bool Downstream = false, bool Upstream = false)
{
    /// <summary>The instances selected in a run, upstreams first; all instances of a mapped task.</summary>
    /// <exception cref="ArgumentException">A named task does not exist in the DAG.</exception>
    public IReadOnlyList<InstanceKey> Resolve(RunGraph graph, IReadOnlyDictionary<InstanceKey, InstanceFacts> instances)
    {
        IEnumerable<string> start = TaskIds ?? [.. graph.TopologicalOrder];
        if (TaskIds?.FirstOrDefault(t => !graph.Contains(t)) is { } unknown)
        {
            throw new ArgumentException(
                $"DAG {graph.Dag.DagId} has no task '{unknown}'; its tasks are: {string.Join(", ", graph.TopologicalOrder)}.", nameof(graph));
        }
        var selected = new HashSet<string>(start, StringComparer.Ordinal);
        if (Downstream)
            selected.UnionWith(graph.WithDescendants(start));
        if (Upstream)
            selected.UnionWith(graph.WithAncestors(start));
        var byTask = instances.Keys.ToLookup(k => k.TaskId, StringComparer.Ordinal);
        return [.. graph.TopologicalOrder.Where(selected.Contains).SelectMany(t => byTask[t].OrderBy(k => k.MapIndex))
            .Where(k => !OnlyFailed || instances[k].State is TaskState.Failed or TaskState.UpstreamFailed)];
    }
}
