namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>A task's own statement that it failed, with the cause and whether another try can help.</summary>
/// <param name="message">What happened and what to do, for the person who reads the run page.</param>
/// <param name="retryable">False fails the task now, whatever its retries say.</param>
public class TaskFailedException(string message, FailureCause cause = FailureCause.UserError, bool retryable = true, Exception? innerException = null)
    : Exception(message, innerException)
{
    public FailureCause Cause { get; } = cause;

    public bool Retryable { get; } = retryable;
}
