namespace EcomWorkflows.Orchestration.Planning;

/// <summary>State of a DAG run.</summary>
public enum RunState
{
    /// <summary>Created; waits for a free place under the DAG's <c>max_active_runs</c>.</summary>
    Queued,
    Running,
    Success,
    Failed,
}
