using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What became of a workflow file.</summary>
/// <param name="Source">The DAG before; null where it is new.</param>
/// <param name="Import">What was published; null where nothing was.</param>
public sealed record FileImport(FileDecision Decision, DagSource? Source, DagImport? Import);
