namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What an import did.</summary>
/// <param name="IsNewVersion">False where the content was the current version already.</param>
public sealed record DagImport(string DagId, int Version, bool IsNewVersion);
