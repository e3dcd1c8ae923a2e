using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>What stands in the flowchart of each task group of a DAG.</summary>
internal sealed class FlowchartContent(Dag dag)
{
    private readonly TaskGroups groups = new(dag);
    private readonly Dictionary<string, DagTask> tasks = dag.Tasks.ToDictionary(t => t.TaskId, StringComparer.Ordinal);
    private readonly ILookup<string, DrawnEdge> drawn = new TaskGroups(dag).Drawn().ToLookup(e => e.Level ?? "");

    /// <summary>Name of a node inside its flowchart.</summary>
    public static string LocalName(string node, string? level) => level is null ? node : node[(level.Length + 1)..];

    public IReadOnlyList<string> Nodes(string? level) => groups.Nodes(level);

    public IEnumerable<DrawnEdge> Edges(string? level) => drawn[level ?? ""];

    /// <summary>The task a node is; null for a group.</summary>
    public DagTask? Task(string node) => tasks.GetValueOrDefault(node);

    public IReadOnlyDictionary<string, GraphPlace> Arrange(string? level) => GraphLayout.Arrange(Nodes(level), [.. Edges(level).Select(e => (e.From, e.To))]);
}
