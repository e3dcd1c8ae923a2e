namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What is saved as a draft.</summary>
/// <param name="Document">Elsa JSON; need not be a valid DAG.</param>
/// <param name="ContentHash">Hash of its meaning; null while it is no valid DAG.</param>
/// <param name="Editor">The window it comes from; null where that is not known.</param>
/// <param name="Actor">Who saves, for the event log.</param>
public sealed record Draft(string DagId, string Name, string? Description, string Document, string? ContentHash, string? Editor, string Actor);
