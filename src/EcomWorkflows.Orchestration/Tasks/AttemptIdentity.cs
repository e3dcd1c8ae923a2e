namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Which attempt of what: enough to find everything that led to a row it published.</summary>
/// <param name="RunId">Internal id of the DAG run.</param>
/// <param name="RunKey">The run's name inside its DAG, for example <c>manual__2026-11-21T06:00:00Z</c> (Airflow's dag_run_id).</param>
/// <param name="MapIndex">-1 where the task is not mapped.</param>
/// <param name="TryNumber">Starts at 1.</param>
public sealed record AttemptIdentity(
    long AttemptId, long RunId, string DagId, string RunKey, int DagVersion, string TaskId, int MapIndex, int TryNumber);
