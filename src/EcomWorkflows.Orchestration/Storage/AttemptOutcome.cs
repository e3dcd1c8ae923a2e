using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>How an attempt ended, as its runner reports it.</summary>
/// <param name="State"><see cref="TaskState.Success"/>, <see cref="TaskState.Skipped"/> or <see cref="TaskState.Failed"/>.</param>
/// <param name="Outputs">JSON of the outputs record; null unless successful.</param>
/// <param name="Retryable">Whether another try can help, by the task's own word.</param>
public sealed record AttemptOutcome(
    long AttemptId, long RunId, TaskState State, string? Outputs, FailureCause? Cause, bool Retryable, string? Message, string? Exception)
{
    public static AttemptOutcome Succeeded(long attemptId, long runId, string outputs) =>
        new(attemptId, runId, TaskState.Success, outputs, null, false, null, null);

    public static AttemptOutcome Skipped(long attemptId, long runId, string reason) =>
        new(attemptId, runId, TaskState.Skipped, null, null, false, reason, null);

    public static AttemptOutcome Failed(long attemptId, long runId, FailureCause cause, string message, bool retryable = true, string? exception = null) =>
        new(attemptId, runId, TaskState.Failed, null, cause, retryable, message, exception);
}
