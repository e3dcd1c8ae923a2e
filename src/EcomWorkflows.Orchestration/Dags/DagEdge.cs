namespace EcomWorkflows.Orchestration.Dags;

/// <summary>A dependency: <paramref name="To"/> looks at the outcome of <paramref name="From"/>.</summary>
/// <param name="Port">The outcome the edge hangs on: <c>Done</c>, or a branch label of a branching task.</param>
public sealed record DagEdge(string From, string To, string Port = DagEdge.DonePort)
{
    public const string DonePort = "Done";
}
