using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>Who stands above and below whom, asked of the plain lists of tasks and edges.</summary>
internal sealed class ReferenceDag(Dag dag)
{
    private readonly Dictionary<string, DagTask> tasks = dag.Tasks.ToDictionary(t => t.TaskId);
    private readonly Dictionary<string, HashSet<string>> below = [];
    private readonly Dictionary<string, HashSet<string>> above = [];
    private readonly Dictionary<string, List<string>> setups = [];
    private readonly Dictionary<string, List<string>> upstream = dag.Tasks.ToDictionary(t => t.TaskId, t => dag.Edges.Where(e => e.To == t.TaskId).Select(e => e.From).Distinct().ToList());
    private readonly Dictionary<string, List<string>> downstream = dag.Tasks.ToDictionary(t => t.TaskId, t => dag.Edges.Where(e => e.From == t.TaskId).Select(e => e.To).Distinct().ToList());
    private readonly Dictionary<(string Gate, string Task), bool> gates = [];

    /// <summary>Every task after all that stand above it; random DAGs list them so.</summary>
    public IReadOnlyList<string> Order { get; } = [.. dag.Tasks.Select(t => t.TaskId)];

    /// <summary>Branches and short circuits.</summary>
    public IReadOnlyList<string> Gates { get; } =
        [.. dag.Tasks.Select(t => t.TaskId).Where(t => dag.Edges.Any(e => e.From == t && e.Port != DagEdge.DonePort) || dag.Tasks.Any(g => g.TaskId == t && g.TaskType == "Core.ShortCircuit"))];

    public DagTask Task(string taskId) => tasks[taskId];

    public List<string> UpstreamOf(string taskId) => upstream[taskId];

    public List<string> Downstream(string taskId) => downstream[taskId];

    public HashSet<string> Below(string taskId) => Remember(below, taskId, downstream);

    public HashSet<string> Above(string taskId) => Remember(above, taskId, upstream);

    public bool IsTeardown(string taskId) => tasks[taskId].Settings.IsTeardown || tasks[taskId].Settings.TriggerRule == TriggerRule.AllDoneSetupSuccess;

    public bool IsShortCircuit(string taskId) => tasks[taskId].TaskType == "Core.ShortCircuit";

    /// <summary>Whether a branch or short circuit may come to skip a task.</summary>
    public bool MaySkip(string gate, string task)
    {
        if (!gates.TryGetValue((gate, task), out var known))
        {
            known = IsShortCircuit(gate)
                ? (tasks[gate].Inputs["respectTriggerRules"]?.GetValue<bool>() == true ? Downstream(gate).Contains(task) : Below(gate).Contains(task))
                : dag.Edges.Any(e => e.From == gate && e.To == task && e.Port != DagEdge.DonePort);
            gates[(gate, task)] = known;
        }
        return known;
    }

    /// <summary>A task's setups: a teardown's stand directly above it; those of others further above, as long as no teardown of theirs lies in between.</summary>
    public List<string> SetupsOf(string taskId)
    {
        if (setups.TryGetValue(taskId, out var known))
            return known;
        var direct = UpstreamOf(taskId);
        return setups[taskId] = IsTeardown(taskId)
            ? [.. direct.Where(u => tasks[u].Settings.IsSetup)]
            : [.. Above(taskId).Where(a => tasks[a].Settings.IsSetup && !direct.Contains(a) && IsInScope(a, taskId))];
    }

    /// <summary>Whether the task's list consists of the instances of an upstream task.</summary>
    public bool IsMappedOverInstances(string taskId) =>
        tasks[taskId].Settings.MapOver is { } source && MapSource.Parse(source) is { TaskId: { } upstreamId } && tasks[upstreamId].Settings.MapOver is not null;

    private bool IsInScope(string setup, string taskId)
    {
        var teardowns = Downstream(setup).Where(t => tasks[t].Settings.IsTeardown).ToList();
        return teardowns.Count == 0 || teardowns.Any(t => Below(taskId).Contains(t));
    }

    private static HashSet<string> Remember(Dictionary<string, HashSet<string>> known, string taskId, Dictionary<string, List<string>> next)
    {
        if (known.TryGetValue(taskId, out var found))
            return found;
        var all = new HashSet<string>();
        foreach (var neighbour in next[taskId])
        {
            all.Add(neighbour);
            all.UnionWith(Remember(known, neighbour, next));
        }
        return known[taskId] = all;
    }
}
