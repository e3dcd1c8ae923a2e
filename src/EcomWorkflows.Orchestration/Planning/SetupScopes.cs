namespace EcomWorkflows.Orchestration.Planning;

/// <summary>
/// Which setups a task looks at. A setup matters for its descendants as far as its teardowns, or for all of them where it has none; direct downstreams see it
/// through their trigger rule. A teardown looks at the setups among its direct upstreams.
/// </summary>
public sealed class SetupScopes
{
    private static readonly IReadOnlyList<string> None = [];

    private readonly Dictionary<string, IReadOnlyList<string>> dependents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> setups = new(StringComparer.Ordinal);

    public SetupScopes(RunGraph graph)
    {
        foreach (var setup in graph.TopologicalOrder.Where(t => graph.Task(t).Settings.IsSetup))
        {
            var looking = Dependents(graph, setup);
            dependents[setup] = looking;
            foreach (var task in looking)
            {
                if (!setups.TryGetValue(task, out var known))
                    setups[task] = known = [];
                known.Add(setup);
            }
        }
    }

    /// <summary>The setups a task looks at.</summary>
    public IReadOnlyList<string> Of(string taskId) => setups.TryGetValue(taskId, out var known) ? known : None;

    /// <summary>The tasks that look at a setup; empty for a task that is none.</summary>
    public IReadOnlyList<string> Dependents(string setupId) => dependents.GetValueOrDefault(setupId, None);

    private static List<string> Dependents(RunGraph graph, string setup)
    {
        var direct = graph.Downstream(setup).ToHashSet(StringComparer.Ordinal);
        var teardowns = direct.Where(t => graph.Task(t).Settings.IsTeardown).ToList();
        var below = graph.WithDescendants([setup]);
        var inScope = teardowns.Count == 0 ? below : graph.WithAncestors(teardowns);
        return
        [
            .. below.Where(t => t != setup && inScope.Contains(t) && !direct.Contains(t) && !graph.ActsAsTeardown(t)),
            .. direct.Where(graph.ActsAsTeardown),
        ];
    }
}
