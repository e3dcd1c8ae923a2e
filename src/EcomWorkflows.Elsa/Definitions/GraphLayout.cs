using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Arranges tasks left to right in layers, with few crossing edges.</summary>
public static class GraphLayout
{
    private const int Sweeps = 4;

    /// <summary>A place for each task of an acyclic DAG; the same DAG always gets the same picture.</summary>
    public static IReadOnlyDictionary<string, GraphPlace> Arrange(Dag dag) => Arrange([.. dag.Tasks.Select(t => t.TaskId)], [.. dag.Edges.Select(e => (e.From, e.To))]);

    /// <summary>A place for each node, which are all different; an edge joins two of them. What lies on a cycle stands where it can.</summary>
    internal static IReadOnlyDictionary<string, GraphPlace> Arrange(IReadOnlyList<string> nodes, IReadOnlyList<(string From, string To)> edges)
    {
        var upstream = edges.ToLookup(e => e.To, e => e.From);
        var downstream = edges.ToLookup(e => e.From, e => e.To);
        var columns = Columns(nodes, upstream, downstream);
        var layers = nodes.GroupBy(t => columns[t]).OrderBy(g => g.Key).Select(g => g.ToList()).ToList();
        var order = new Dictionary<string, double>();
        foreach (var layer in layers)
            Number(layer, order);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var layer in sweep % 2 == 0 ? layers : Enumerable.Reverse(layers))
                Sort(layer, sweep % 2 == 0 ? upstream : downstream, order);
        }
        var height = layers.Select(l => l.Count).DefaultIfEmpty().Max();
        return layers
            .SelectMany(layer => layer.Select((task, row) => (task, Row: row + (height - layer.Count) / 2.0)))
            .ToDictionary(placed => placed.task, placed => new GraphPlace(columns[placed.task], placed.Row));
    }

    private static Dictionary<string, int> Columns(IReadOnlyList<string> nodes, ILookup<string, string> upstream, ILookup<string, string> downstream)
    {
        var open = nodes.ToDictionary(t => t, t => upstream[t].Distinct().Count());
        var columns = nodes.ToDictionary(t => t, _ => 0);
        var ready = new Queue<string>(nodes.Where(t => open[t] == 0));
        while (ready.TryDequeue(out var task))
        {
            foreach (var next in downstream[task].Distinct())
            {
                columns[next] = Math.Max(columns[next], columns[task] + 1);
                if (--open[next] == 0)
                    ready.Enqueue(next);
            }
        }
        return columns;
    }

    /// <summary>Barycentre heuristic: each task goes to the mean row of its neighbours in the layer before.</summary>
    private static void Sort(List<string> layer, ILookup<string, string> neighbours, Dictionary<string, double> order)
    {
        var sorted = layer
            .OrderBy(task => neighbours[task].Any() ? neighbours[task].Average(n => order[n]) : order[task])
            .ThenBy(task => order[task])
            .ToList();
        layer.Clear();
        layer.AddRange(sorted);
        Number(layer, order);
    }

    /// <summary>Rows relative to the layer's middle, so that layers of different height compare.</summary>
    private static void Number(List<string> layer, Dictionary<string, double> order)
    {
        for (var row = 0; row < layer.Count; row++)
            order[layer[row]] = row - (layer.Count - 1) / 2.0;
    }
}
