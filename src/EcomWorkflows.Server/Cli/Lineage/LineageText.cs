using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Lineage;

namespace EcomWorkflows.Server.Cli.Lineage;

/// <summary>Prints a lineage as a tree; what is reached a second time is named only.</summary>
internal static class LineageText
{
    public static void Write(LineageGraph graph, IReadOnlyDictionary<long, AttemptPlace> attempts)
    {
        var nodes = graph.Nodes.ToDictionary(n => n.Id, StringComparer.Ordinal);
        var from = graph.Edges.ToLookup(e => e.From, StringComparer.Ordinal);
        var written = new HashSet<string>(StringComparer.Ordinal);
        Write(graph.Start, "", 0);
        if (graph.Edges.Where(e => e.To == graph.Start).ToList() is { Count: > 0 } uses)
        {
            Console.WriteLine("Used by:");
            foreach (var use in uses)
                Write(use.From, "", 1);
        }

        void Write(string id, string how, int depth)
        {
            var node = nodes[id];
            var indent = new string(' ', 2 * depth);
            var isNew = written.Add(id);
            Console.WriteLine($"{indent}{(how.Length > 0 ? how + " " : "")}{Word(node.Kind)} {node.Title}  [{node.Id}]{(isNew ? "" : "  (see above)")}");
            if (!isNew)
                return;
            var most = MostFacts(node.Kind);
            foreach (var fact in node.Facts.Take(most))
                Console.WriteLine($"{indent}    {fact.Name}: {fact.Value}");
            if (node.Facts.Count > most)
                Console.WriteLine($"{indent}    … {node.Facts.Count - most} more (--output json has all)");
            if (node.RunId is { } run)
                Console.WriteLine($"{indent}    made by: {Maker(node, run)}");
            foreach (var edge in from[id])
                Write(edge.To, edge.How, depth + 1);
        }

        string Maker(LineageNode node, long run) => node.AttemptId is { } id && attempts.TryGetValue(id, out var place)
            ? $"{place.DagId}/{place.RunKey} {place.TaskId}, try {place.TryNumber} (run {place.RunId}, attempt {id})"
            : $"run {run}{(node.AttemptId is { } attempt ? $", attempt {attempt}" : "")}";
    }

    /// <summary>Of raw files there may be many; features and rows are long.</summary>
    private static int MostFacts(LineageKind kind) => kind switch
    {
        LineageKind.RawFile => 1,
        LineageKind.FeatureRow or LineageKind.Row => 10,
        _ => int.MaxValue,
    };

    public static string Word(LineageKind kind) => kind switch
    {
        LineageKind.Prediction => "prediction",
        LineageKind.Model => "model",
        LineageKind.Dataset => "dataset version",
        LineageKind.FeatureView => "feature view",
        LineageKind.FeatureRow => "features",
        LineageKind.Table => "table",
        LineageKind.Row => "row",
        LineageKind.RawLine => "raw line",
        _ => "raw file",
    };
}
