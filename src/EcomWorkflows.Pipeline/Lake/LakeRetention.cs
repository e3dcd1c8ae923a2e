namespace EcomWorkflows.Pipeline.Lake;

/// <summary>Which snapshots may go: those that are older and not among the newest of their table. The current content of a table always stays.</summary>
/// <param name="Keep">Newest snapshots of each table that stay whatever their age; at least 1.</param>
public sealed record LakeRetention(TimeSpan OlderThan, int Keep);
