using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>One execution of a node, before it is written out.</summary>
/// <param name="State">Our own word for how it is.</param>
/// <param name="IsWaiting">Whether it waits for an event, a time or a person.</param>
internal sealed record Execution(
    ExecutionId Id, TaskInstanceInfo? Instance, AttemptInfo? Attempt, string Status, string State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Message,
    bool IsWaiting, bool HasRetryAttempts)
{
    /// <summary>Whether it is the newest attempt of its instance.</summary>
    public bool IsNewest => Attempt is not null && Attempt.AttemptId == Instance?.AttemptId;

    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Completed = "Completed";
    public const string Canceled = "Canceled";
    public const string Faulted = "Faulted";

    /// <summary>The executions of a task instance: its attempts, or the decision that it needs none.</summary>
    public static IEnumerable<Execution> OfInstance(TaskInstanceInfo instance, IReadOnlyList<AttemptInfo> attempts)
    {
        if (attempts.Count > 0)
            return attempts.Select((attempt, index) => OfAttempt(instance, attempt, isNewest: index == attempts.Count - 1, hasRetries: attempts.Count > 1 || instance.State == "up_for_retry"));
        return NodeStats.WasDecided(instance)
            ? [new Execution(
                new ExecutionId(TaskInstanceId: instance.TaskInstanceId), instance, Attempt: null, Canceled, instance.State,
                instance.EndedAt ?? DateTimeOffset.UnixEpoch, instance.EndedAt, instance.Message, IsWaiting: false, HasRetryAttempts: false)]
            : [];
    }

    /// <summary>Stands for an execution that is still to come.</summary>
    public static Execution OfWaiting(TaskInstanceInfo instance, FoundRun run) => new(
        new ExecutionId(TaskInstanceId: instance.TaskInstanceId), instance, Attempt: null, Pending, instance.State, instance.QueuedAt ?? run.CreatedAt, EndedAt: null,
        instance.Message, IsWaiting: false, HasRetryAttempts: false);

    /// <summary>The execution of a group: from the first start in it to the last end; null while nothing in it has started.</summary>
    public static Execution? OfGroup(InstanceView view, DagNode group)
    {
        var begun = view.Of(group).Where(NodeStats.HasRecords).ToList();
        if (begun.Count == 0)
            return null;
        var stat = NodeStats.Of(view, group)!;
        var status = stat.IsFaulted ? Faulted : stat.UncompletedCount > 0 ? Running : stat.CompletedCount > 0 ? Completed : Canceled;
        return new Execution(
            new ExecutionId(RunId: view.Run.RunId, Group: group.Group), Instance: null, Attempt: null, status, status,
            begun.Min(i => i.StartedAt ?? i.EndedAt) ?? view.Run.CreatedAt, stat.UncompletedCount > 0 ? null : begun.Max(i => i.EndedAt), Message: null, stat.IsBlocked, HasRetryAttempts: false);
    }

    private static Execution OfAttempt(TaskInstanceInfo instance, AttemptInfo attempt, bool isNewest, bool hasRetries)
    {
        var waits = isNewest && NodeStats.IsWaiting(instance);
        var status = waits ? Pending : attempt.State switch
        {
            "running" => Running,
            "success" => Completed,
            "failed" when attempt.Cause != "cancelled" => Faulted,
            "failed" or "skipped" or "fenced" => Canceled,
            _ => Pending,
        };
        return new Execution(
            new ExecutionId(AttemptId: attempt.AttemptId), instance, attempt, status, waits ? instance.State : attempt.State, attempt.StartedAt, waits ? null : attempt.EndedAt,
            attempt.Message, waits, hasRetries);
    }
}
