using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What an instance becomes after its attempt has ended: built only by <see cref="From"/>, written by one statement.</summary>
internal sealed record SettledInstance(
    InstanceRow Row, AttemptOutcome Outcome, TaskState State, DateTimeOffset? NotBefore, int UserTries, int InfraTries, string? Message)
{
    public static SettledInstance From(AttemptOutcome outcome, InstanceRow row, TaskSettings settings, DateTimeOffset now)
    {
        if (outcome.State != TaskState.Failed)
            return new SettledInstance(row, outcome, outcome.State, outcome.Wait?.NotBefore, row.UserTries, row.InfraTries, outcome.Message);
        var cause = outcome.Cause ?? FailureCause.UserError;
        var isInfrastructure = RetryPolicy.IsInfrastructure(cause);
        var userTries = row.UserTries + (isInfrastructure ? 0 : 1);
        var infraTries = row.InfraTries + (isInfrastructure ? 1 : 0);
        return RetryPolicy.Decide(settings, cause, outcome.ExceptionTypes, outcome.Retryable, userTries, infraTries, outcome.AttemptId, now) switch
        {
            RetryDecision.Retry retry => new SettledInstance(row, outcome, TaskState.UpForRetry, retry.NotBefore, userTries, infraTries, outcome.Message),
            RetryDecision.Fail fail => new SettledInstance(row, outcome, TaskState.Failed, null, userTries, infraTries, $"{outcome.Message} ({fail.Reason})"),
            _ => throw new InvalidOperationException("RetryDecision is a closed set."),
        };
    }

    public FinishedInstance ToFinished() => new(Row.TaskInstanceId, Row.RunId, Row.TaskId, State, StateNames.Parse<TaskState>(Row.State), Routing: Outcome.Routing);

    public EventRow ToEvent(string dagId, string actor) => new("task_state", actor)
    {
        DagId = dagId,
        RunId = Row.RunId,
        TaskInstanceId = Row.TaskInstanceId,
        AttemptId = Outcome.AttemptId,
        TaskId = Row.TaskId,
        Before = Row.State,
        After = State.ToWire(),
        Details = Outcome.Cause is { } cause ? JsonSerializer.Serialize(new { cause = cause.ToWire(), message = Outcome.Message }, TaskJson.Options) : null,
    };
}
