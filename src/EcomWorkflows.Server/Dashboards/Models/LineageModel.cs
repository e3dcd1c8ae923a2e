using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Lineage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A lineage, with the attempts that made its things.</summary>
public sealed record LineageModel(LineageGraph Graph, IReadOnlyDictionary<long, AttemptPlace> Attempts)
{
    public LineageNode Start { get; } = Graph.Nodes.First(n => n.Id == Graph.Start);

    /// <summary>What a node was made from, in the order it was found.</summary>
    public IEnumerable<(LineageEdge Edge, LineageNode Node)> Sources(LineageNode node) =>
        Graph.Edges.Where(e => e.From == node.Id).Select(e => (e, Graph.Nodes.First(n => n.Id == e.To)));

    /// <summary>What was made from a node.</summary>
    public IEnumerable<(LineageEdge Edge, LineageNode Node)> Uses(LineageNode node) =>
        Graph.Edges.Where(e => e.To == node.Id).Select(e => (e, Graph.Nodes.First(n => n.Id == e.From)));

    /// <summary>Place of a node on its page.</summary>
    public string Anchor(LineageNode node) => $"n{Graph.Nodes.TakeWhile(n => n.Id != node.Id).Count()}";

    public AttemptPlace? Maker(LineageNode node) => node.AttemptId is { } id ? Attempts.GetValueOrDefault(id) : null;
}
