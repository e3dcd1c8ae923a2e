namespace EcomWorkflows.Server.Cli;

/// <summary>A line of <c>ecom dags export</c>.</summary>
/// <param name="State"><c>written</c>, <c>unchanged</c> or <c>conflict</c>.</param>
internal sealed record ExportedDag(string DagId, int Version, string File, string State, bool HasDraft);
