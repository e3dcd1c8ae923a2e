namespace EcomWorkflows.Orchestration.Dags;

/// <summary>The task groups of a DAG, and its edges as they are drawn: an edge to or from a group stands for edges to its first or from its last tasks.</summary>
public sealed class TaskGroups
{
    private readonly Dag dag;
    private readonly Dictionary<string, string?> groupOfTask;

    public TaskGroups(Dag dag)
    {
        this.dag = dag;
        groupOfTask = dag.Tasks.DistinctBy(t => t.TaskId).ToDictionary(t => t.TaskId, t => t.Group, StringComparer.Ordinal);
        All = [.. dag.Tasks.SelectMany(t => WithAncestors(t.Group)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Paths of all groups, outer ones before those inside them.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The group a group stands in; null for one in the root.</summary>
    public static string? Parent(string group) => group.LastIndexOf('.') is var dot and > 0 ? group[..dot] : null;

    /// <summary>The nodes of one flowchart, in the order of their first tasks: ids of tasks and paths of groups.</summary>
    public IReadOnlyList<string> Nodes(string? level) =>
        [.. dag.Tasks.Where(t => IsWithin(t.Group, level)).Select(t => NodeAt(t.TaskId, level)).Distinct()];

    /// <summary>The edges as connections of flowcharts, each once.</summary>
    public IReadOnlyList<DrawnEdge> Drawn() => [.. dag.Edges.Where(IsKnown).Select(Draw).Distinct()];

    /// <summary>Edges that cannot be drawn, because they reach only a part of a group's first tasks or leave only a part of its last ones.</summary>
    public IReadOnlyList<DagProblem> Problems()
    {
        if (All.Count == 0)
            return [];
        var problems = new List<DagProblem>();
        foreach (var drawn in dag.Edges.Where(IsKnown).GroupBy(Draw))
        {
            var (from, to) = (Ends(drawn.Key.From, last: true), Ends(drawn.Key.To, last: false));
            var edges = drawn.Select(e => (e.From, e.To)).ToHashSet();
            var leavesOnBranch = drawn.Key.Port != DagEdge.DonePort && IsGroup(drawn.Key.From);
            if (!leavesOnBranch && edges.SetEquals(from.SelectMany(f => to.Select(t => (f, t)))))
                continue;
            problems.Add(new DagProblem(
                $"edge '{drawn.First().From}' → '{drawn.First().To}'",
                leavesOnBranch
                    ? $"The port '{drawn.Key.Port}' of a task inside group '{drawn.Key.From}' cannot be connected to a task outside of it. Connect the group itself, or move the branch out."
                    : $"Edges between groups connect all last tasks of '{drawn.Key.From}' with all first tasks of '{drawn.Key.To}', this one only some. Connect the groups themselves."));
        }
        return problems;
    }

    private static IEnumerable<string> WithAncestors(string? group)
    {
        for (var path = group; path is not null; path = Parent(path))
            yield return path;
    }

    private static bool IsWithin(string? group, string? level) =>
        level is null || (group is not null && (group == level || group.StartsWith(level + ".", StringComparison.Ordinal)));

    private bool IsGroup(string node) => !groupOfTask.ContainsKey(node);

    private bool IsKnown(DagEdge edge) => groupOfTask.ContainsKey(edge.From) && groupOfTask.ContainsKey(edge.To);

    private DrawnEdge Draw(DagEdge edge)
    {
        var target = WithAncestors(groupOfTask[edge.To]).ToHashSet();
        var level = WithAncestors(groupOfTask[edge.From]).FirstOrDefault(target.Contains);
        return new DrawnEdge(level, NodeAt(edge.From, level), NodeAt(edge.To, level), edge.Port);
    }

    private string NodeAt(string taskId, string? level) =>
        groupOfTask[taskId] == level ? taskId : WithAncestors(groupOfTask[taskId]).First(group => Parent(group) == level);

    /// <summary>First or last tasks of a node: those that no edge inside the group reaches, or leaves.</summary>
    private List<string> Ends(string node, bool last)
    {
        if (!IsGroup(node))
            return [node];
        var inside = dag.Tasks.Where(t => IsWithin(t.Group, node)).Select(t => t.TaskId).ToHashSet();
        var inner = dag.Edges.Where(e => inside.Contains(e.From) && inside.Contains(e.To)).Select(e => last ? e.From : e.To).ToHashSet();
        return [.. inside.Where(t => !inner.Contains(t))];
    }
}
