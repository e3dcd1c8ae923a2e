namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>How the rows of a feature view at one moment were made.</summary>
/// <param name="Inputs">JSON: silver table to lake snapshot id.</param>
internal sealed record MaterializationRow(int Version, long HistorySnapshot, string Inputs, long Rows, long RunId, long AttemptId);
