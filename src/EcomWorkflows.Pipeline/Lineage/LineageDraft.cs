namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A lineage while it is being walked: each thing once, whichever way it is reached.</summary>
internal sealed class LineageDraft
{
    private readonly Dictionary<string, LineageNode> nodes = new(StringComparer.Ordinal);
    private readonly List<LineageEdge> edges = [];

    public bool Has(string id) => nodes.ContainsKey(id);

    /// <summary>False where it is there already, with all that lies behind it.</summary>
    public bool Add(LineageNode node) => nodes.TryAdd(node.Id, node);

    public void Link(string from, string to, string how)
    {
        var edge = new LineageEdge(from, to, how);
        if (!edges.Contains(edge))
            edges.Add(edge);
    }

    public LineageGraph Finish(string start) => new(start, [.. nodes.Values.OrderBy(n => n.Kind)], [.. edges.Where(e => nodes.ContainsKey(e.From) && nodes.ContainsKey(e.To))]);
}
