namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The attempt that made a dataset version.</summary>
internal sealed record DatasetOrigin(string Dag, int DagVersion, string Run, long RunId, string Task, long AttemptId, int TryNumber);
