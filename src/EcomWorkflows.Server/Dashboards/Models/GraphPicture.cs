using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A DAG drawn left to right, with the states of a run where there is one.</summary>
public sealed record GraphPicture(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, int Width, int Height)
{
    public const int NodeWidth = 146;
    public const int NodeHeight = 44;

    private const int ColumnStep = NodeWidth + 26;
    private const int RowStep = NodeHeight + 16;
    private const int Margin = 8;

    /// <param name="places">Column and row of each task.</param>
    /// <param name="node">Makes the node of a task at its place.</param>
    public static GraphPicture Draw(Dag dag, IReadOnlyDictionary<string, (double Column, double Row)> places, Func<DagTask, double, double, GraphNode> node)
    {
        var nodes = dag.Tasks.Select(t => node(t, Margin + places[t.TaskId].Column * ColumnStep, Margin + places[t.TaskId].Row * RowStep)).ToList();
        var byId = nodes.ToDictionary(n => n.TaskId);
        var edges = dag.Edges.Select(e => new GraphEdge(Curve(byId[e.From], byId[e.To]), byId[e.From].State)).ToList();
        return new GraphPicture(
            nodes,
            edges,
            (int)Math.Ceiling(nodes.Select(n => n.X).DefaultIfEmpty().Max() + NodeWidth + Margin),
            (int)Math.Ceiling(nodes.Select(n => n.Y).DefaultIfEmpty().Max() + NodeHeight + Margin));
    }

    private static string Curve(GraphNode from, GraphNode to)
    {
        var (x1, y1) = (from.X + NodeWidth, from.Y + NodeHeight / 2.0);
        var (x2, y2) = (to.X, to.Y + NodeHeight / 2.0);
        var bend = Math.Max(16, (x2 - x1) / 2);
        return $"M{Show.Coordinate(x1)} {Show.Coordinate(y1)} C{Show.Coordinate(x1 + bend)} {Show.Coordinate(y1)} {Show.Coordinate(x2 - bend)} {Show.Coordinate(y2)} {Show.Coordinate(x2)} {Show.Coordinate(y2)}";
    }
}
