namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A task in a picture.</summary>
/// <param name="Detail">Second line: its type, or how far its instance is.</param>
/// <param name="State">Wire name of its instance's state; null in a picture of the DAG itself.</param>
/// <param name="Progress">0 to 1 while it runs and says so.</param>
public sealed record GraphNode(string TaskId, string Title, string Detail, double X, double Y, string? State, double? Progress, string? Address)
{
    private const int MaxTitle = 20;

    public string ShortTitle => Title.Length <= MaxTitle ? Title : Title[..(MaxTitle - 1)] + "…";
}
