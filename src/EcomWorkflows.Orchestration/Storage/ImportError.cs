using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Why a DAG file could not be imported; the version imported before stays in use.</summary>
public sealed record ImportError(string File, IReadOnlyList<DagProblem> Problems, DateTimeOffset RecordedAt);
