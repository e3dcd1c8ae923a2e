using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Where tasks stand: as the author put them in Studio, closed up to our smaller boxes; by a layout of our own where that cannot be.</summary>
internal static class GraphPlaces
{
    // Studio's boxes are about 200 × 54; what stands closer is meant to be one column or one row.
    private const double ColumnGap = 120;
    private const double RowGap = 40;

    public static IReadOnlyDictionary<string, (double Column, double Row)> Of(Dag dag, IReadOnlyDictionary<string, (double X, double Y)> drawn) =>
        FromDrawing(dag, drawn) ?? GraphLayout.Arrange(dag).ToDictionary(p => p.Key, p => ((double)p.Value.Column, p.Value.Row));

    private static Dictionary<string, (double Column, double Row)>? FromDrawing(Dag dag, IReadOnlyDictionary<string, (double X, double Y)> drawn)
    {
        if (dag.Tasks.Any(t => !drawn.ContainsKey(t.TaskId)))
            return null;
        var columns = Ranks(dag.Tasks.Select(t => drawn[t.TaskId].X), ColumnGap);
        var rows = Ranks(dag.Tasks.Select(t => drawn[t.TaskId].Y), RowGap);
        var places = dag.Tasks.ToDictionary(t => t.TaskId, t => ((double)columns[drawn[t.TaskId].X], (double)rows[drawn[t.TaskId].Y]));
        var readable = places.Values.Distinct().Count() == places.Count && dag.Edges.All(e => places[e.From].Item1 < places[e.To].Item1);
        return readable ? places : null;
    }

    /// <summary>Numbers groups of nearly equal coordinates from 0 up.</summary>
    private static Dictionary<double, int> Ranks(IEnumerable<double> coordinates, double gap)
    {
        var ranks = new Dictionary<double, int>();
        double? start = null;
        var rank = -1;
        foreach (var coordinate in coordinates.Distinct().Order())
        {
            if (start is null || coordinate - start > gap)
                (start, rank) = (coordinate, rank + 1);
            ranks[coordinate] = rank;
        }
        return ranks;
    }
}
