namespace EcomWorkflows.DuckDB.Native;

/// <summary>duckdb_pending_state: what one more task of a statement led to.</summary>
internal enum PendingState
{
    Ready = 0,
    NotReady = 1,
    Error = 2,

    /// <summary>Other threads have the tasks there are.</summary>
    NoTasks = 3,
}
