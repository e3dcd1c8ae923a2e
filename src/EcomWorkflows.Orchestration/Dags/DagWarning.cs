namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Something that lets a DAG be imported but keeps a task of it from ever starting.</summary>
/// <param name="Kind">In Airflow's words where it has one: <c>non-existent pool</c>; ours: <c>task wider than its pool</c>.</param>
public sealed record DagWarning(string DagId, string Kind, string Message);
