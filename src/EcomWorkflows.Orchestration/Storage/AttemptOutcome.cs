using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>How an attempt ended, as its runner reports it.</summary>
/// <param name="State">
/// <see cref="TaskState.Success"/>, <see cref="TaskState.Skipped"/>, <see cref="TaskState.Failed"/>, or a wait: <see cref="TaskState.UpForReschedule"/>,
/// <see cref="TaskState.AwaitingInput"/>, <see cref="TaskState.Deferred"/>.
/// </param>
/// <param name="Outputs">JSON of the outputs record; null unless successful.</param>
/// <param name="Retryable">Whether another try can help, by the task's own word.</param>
public sealed record AttemptOutcome(
    long AttemptId, long RunId, TaskState State, string? Outputs, FailureCause? Cause, bool Retryable, string? Message, string? Exception)
{
    /// <summary>The check of the attempt this is the outcome of; that of an earlier one is refused.</summary>
    public int Check { get; init; } = 1;

    /// <summary>Simple and full names of the types of the exception that failed it, base types and causes included; empty where none did.</summary>
    public IReadOnlyList<string> ExceptionTypes { get; init; } = [];

    /// <summary>Where and how the attempt goes on after its wait; null for an attempt that has ended.</summary>
    public AttemptWait? Wait { get; init; }

    /// <summary>Whether the attempt goes on later.</summary>
    public bool Waits => State is TaskState.UpForReschedule or TaskState.AwaitingInput or TaskState.Deferred;

    /// <summary>What a successful branch or short circuit said about the way on.</summary>
    public Routing? Routing { get; init; }

    /// <summary>The same outcome with everything a task has written in a form the database can keep.</summary>
    internal AttemptOutcome Storable() => this with
    {
        Outputs = StorableText.CleanJson(Outputs),
        Message = StorableText.Clean(Message),
        Exception = StorableText.Clean(Exception),
        Wait = Wait is null ? null : Wait with { Memo = StorableText.CleanJson(Wait.Memo), Question = Storable(Wait.Question) },
    };

    public static AttemptOutcome Succeeded(long attemptId, long runId, string outputs) =>
        new(attemptId, runId, TaskState.Success, outputs, null, false, null, null);

    public static AttemptOutcome Skipped(long attemptId, long runId, string reason) =>
        new(attemptId, runId, TaskState.Skipped, null, null, false, reason, null);

    public static AttemptOutcome Waiting(long attemptId, long runId, TaskState state, AttemptWait wait, string? reason) =>
        new(attemptId, runId, state, null, null, false, reason, null) { Wait = wait };

    public static AttemptOutcome Failed(long attemptId, long runId, FailureCause cause, string message, bool retryable = true, string? exception = null) =>
        new(attemptId, runId, TaskState.Failed, null, cause, retryable, message, exception);

    private static TaskQuestion? Storable(TaskQuestion? question) =>
        question is null ? null : question with { Subject = StorableText.Clean(question.Subject)!, Body = StorableText.Clean(question.Body)! };
}
