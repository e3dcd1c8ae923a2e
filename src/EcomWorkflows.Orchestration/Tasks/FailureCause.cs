namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Why an attempt failed; decides which retry budget it uses.</summary>
public enum FailureCause
{
    UserError,
    Timeout,
    WorkerLost,
    OutOfMemory,
    BadData,
    Dependency,
    Cancelled,
}
