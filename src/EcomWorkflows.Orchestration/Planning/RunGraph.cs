using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The adjacency of one DAG version: who looks at whom. Immutable; cached per version.</summary>
public sealed class RunGraph
{
    private static readonly IReadOnlyList<string> None = [];

    private readonly Dictionary<string, DagTask> tasks;
    private readonly Dictionary<string, IReadOnlyList<string>> downstream;
    private readonly Dictionary<string, IReadOnlyList<string>> upstream;
    private readonly ILookup<string, DagEdge> edgesFrom;
    private readonly Lazy<ILookup<string, string>> mappedOver;

    public RunGraph(Dag dag)
    {
        Dag = dag;
        tasks = dag.Tasks.ToDictionary(t => t.TaskId, StringComparer.Ordinal);
        edgesFrom = dag.Edges.ToLookup(e => e.From, StringComparer.Ordinal);
        var edges = dag.Edges.Select(e => (e.From, e.To)).Distinct().ToList();
        downstream = Neighbours(edges.Select(e => (e.From, e.To)));
        upstream = Neighbours(edges.Select(e => (e.To, e.From)));
        TopologicalOrder = Order();
        Setups = new SetupScopes(this);
        Gates = new Gates(this);
        mappedOver = new(() => dag.Tasks.Where(t => SourceOf(t.TaskId)?.TaskId is not null)
            .ToLookup(t => SourceOf(t.TaskId)!.TaskId!, t => t.TaskId, StringComparer.Ordinal));
    }

    public Dag Dag { get; }

    /// <summary>Every task id, upstreams before downstreams.</summary>
    public IReadOnlyList<string> TopologicalOrder { get; }

    public SetupScopes Setups { get; }

    public Gates Gates { get; }

    public DagTask Task(string taskId) => tasks[taskId];

    public bool Contains(string taskId) => tasks.ContainsKey(taskId);

    public IReadOnlyList<string> Downstream(string taskId) => downstream.GetValueOrDefault(taskId, None);

    public IReadOnlyList<string> Upstream(string taskId) => upstream.GetValueOrDefault(taskId, None);

    public IEnumerable<DagEdge> EdgesFrom(string taskId) => edgesFrom[taskId];

    public bool IsLeaf(string taskId) => Downstream(taskId).Count == 0;

    /// <summary>The rule that decides: a teardown's is fixed.</summary>
    public TriggerRule Rule(string taskId) =>
        tasks[taskId].Settings is { IsTeardown: false } settings ? settings.TriggerRule : TriggerRule.AllDoneSetupSuccess;

    public bool ActsAsTeardown(string taskId) => Rule(taskId) == TriggerRule.AllDoneSetupSuccess;

    /// <summary>Whether the task's outcome counts for the state of the run.</summary>
    public bool Counts(string taskId) => tasks[taskId].Settings is var settings && (settings.CountsForRun ?? !settings.IsTeardown);

    /// <summary>Where a mapped task takes its list from; null for a task that is not mapped.</summary>
    public MapSource? SourceOf(string taskId) => tasks[taskId].Settings.MapOver is { } source ? MapSource.Parse(source) : null;

    public bool IsMapped(string taskId) => tasks[taskId].Settings.MapOver is not null;

    /// <summary>The tasks that are mapped over an output of a task.</summary>
    public IEnumerable<string> MappedOver(string taskId) => mappedOver.Value[taskId];

    /// <summary>The map index as the rules see it: only where the list consists of the upstreams' own instances do their numbers bound it.</summary>
    public int IndexForRules(string taskId, int mapIndex) =>
        mapIndex >= 0 && SourceOf(taskId)?.TaskId is { } source && IsMapped(source) ? mapIndex : -1;

    /// <summary>What an instance of a new run counts: everything above is unfinished.</summary>
    public UpstreamCounts InitialCounts(string taskId) => new(Upstream(taskId).Count, 0, 0, 0, 0, 0)
    {
        OpenGates = Gates.CountOf(taskId),
        Setups = new SetupCounts(Setups.Of(taskId).Count, 0, 0, 0, 0),
    };

    /// <summary>The given tasks and everything that depends on them.</summary>
    public IReadOnlySet<string> WithDescendants(IEnumerable<string> taskIds) => Reach(taskIds, downstream);

    /// <summary>The given tasks and everything they depend on.</summary>
    public IReadOnlySet<string> WithAncestors(IEnumerable<string> taskIds) => Reach(taskIds, upstream);

    private static HashSet<string> Reach(IEnumerable<string> from, Dictionary<string, IReadOnlyList<string>> next)
    {
        var seen = new HashSet<string>(from, StringComparer.Ordinal);
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var taskId))
        {
            foreach (var neighbour in next.GetValueOrDefault(taskId, None))
            {
                if (seen.Add(neighbour))
                    open.Enqueue(neighbour);
            }
        }
        return seen;
    }

    private static Dictionary<string, IReadOnlyList<string>> Neighbours(IEnumerable<(string Of, string Neighbour)> edges) =>
        edges.GroupBy(e => e.Of, e => e.Neighbour, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g], StringComparer.Ordinal);

    private List<string> Order()
    {
        var waiting = tasks.Keys.ToDictionary(t => t, t => Upstream(t).Count, StringComparer.Ordinal);
        var ready = new Queue<string>(Dag.Tasks.Select(t => t.TaskId).Where(t => waiting[t] == 0));
        var order = new List<string>(waiting.Count);
        while (ready.TryDequeue(out var taskId))
        {
            order.Add(taskId);
            foreach (var next in Downstream(taskId))
            {
                if (--waiting[next] == 0)
                    ready.Enqueue(next);
            }
        }
        return order.Count == tasks.Count
            ? order
            : throw new ArgumentException($"DAG {Dag.DagId} has a cycle through {string.Join(", ", waiting.Where(w => w.Value > 0).Select(w => w.Key))}.");
    }
}
