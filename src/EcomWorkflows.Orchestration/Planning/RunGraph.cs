using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The adjacency of one DAG version: who looks at whom. Immutable; cached per version.</summary>
public sealed class RunGraph
{
    private readonly Dictionary<string, DagTask> tasks;
    private readonly ILookup<string, string> downstream;
    private readonly ILookup<string, string> upstream;

    public RunGraph(Dag dag)
    {
        Dag = dag;
        tasks = dag.Tasks.ToDictionary(t => t.TaskId, StringComparer.Ordinal);
        var edges = dag.Edges.Select(e => (e.From, e.To)).Distinct().ToList();
        downstream = edges.ToLookup(e => e.From, e => e.To, StringComparer.Ordinal);
        upstream = edges.ToLookup(e => e.To, e => e.From, StringComparer.Ordinal);
        TopologicalOrder = Order();
    }

    public Dag Dag { get; }

    /// <summary>Every task id, upstreams before downstreams.</summary>
    public IReadOnlyList<string> TopologicalOrder { get; }

    public DagTask Task(string taskId) => tasks[taskId];

    public bool Contains(string taskId) => tasks.ContainsKey(taskId);

    public IEnumerable<string> Downstream(string taskId) => downstream[taskId];

    public IEnumerable<string> Upstream(string taskId) => upstream[taskId];

    public bool IsLeaf(string taskId) => !downstream[taskId].Any();

    /// <summary>The given tasks and everything that depends on them.</summary>
    public IReadOnlySet<string> WithDescendants(IEnumerable<string> taskIds) => Reach(taskIds, downstream);

    /// <summary>The given tasks and everything they depend on.</summary>
    public IReadOnlySet<string> WithAncestors(IEnumerable<string> taskIds) => Reach(taskIds, upstream);

    private static HashSet<string> Reach(IEnumerable<string> from, ILookup<string, string> next)
    {
        var seen = new HashSet<string>(from, StringComparer.Ordinal);
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var taskId))
        {
            foreach (var neighbour in next[taskId])
            {
                if (seen.Add(neighbour))
                    open.Enqueue(neighbour);
            }
        }
        return seen;
    }

    private List<string> Order()
    {
        var waiting = tasks.Keys.ToDictionary(t => t, t => upstream[t].Count(), StringComparer.Ordinal);
        var ready = new Queue<string>(Dag.Tasks.Select(t => t.TaskId).Where(t => waiting[t] == 0));
        var order = new List<string>(waiting.Count);
        while (ready.TryDequeue(out var taskId))
        {
            order.Add(taskId);
            foreach (var next in downstream[taskId])
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
