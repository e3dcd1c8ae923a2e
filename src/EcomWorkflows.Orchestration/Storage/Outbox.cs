using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Puts callbacks into the outbox inside the transaction of the transition they tell of: no transition without them, none without the transition.</summary>
internal static class Outbox
{
    private const string Insert =
        """
        insert into orchestration.callback (event, dag_id, run_id, task_id, attempt_id, channel, target, connection, facts)
        values (@Event, @DagId, @RunId, @TaskId, @AttemptId, @Channel, @Target, @Connection, @Facts::jsonb)
        """;

    /// <summary>As the other, with what has failed for good: whoever is told of a run is told why.</summary>
    private const string InsertFailedRun =
        """
        with failed as (
          select task_id, map_index, message, ended_at, task_instance_id
          from orchestration.task_instance
          where run_id = @RunId
            and state = 'failed'
          order by ended_at, task_instance_id
          limit 20
        ),
        tasks as (
          select jsonb_agg(jsonb_build_object('task_id', task_id, 'map_index', nullif(map_index, -1), 'message', message) order by ended_at, task_instance_id) as failed_tasks
          from failed
        )
        insert into orchestration.callback (event, dag_id, run_id, task_id, attempt_id, channel, target, connection, facts)
        select @Event, @DagId, @RunId, @TaskId::text, @AttemptId::bigint, @Channel, @Target, @Connection, @Facts::jsonb || jsonb_strip_nulls(jsonb_build_object('failedTasks', failed_tasks))
        from tasks
        """;

    /// <summary>Tells of an attempt that has ended.</summary>
    public static void AttemptEnded(Change change, RunRow run, TaskSettings settings, SettledInstance settled)
    {
        if (settings.Callbacks.Count == 0 || EventOf(settled.State) is not { } ended)
            return;
        Write(change, run, settings.Callbacks, ended, settled.Row.TaskId, settled.Outcome.AttemptId, new
        {
            state = settled.State.ToWire(),
            cause = settled.Outcome.Cause?.ToWire(),
            message = settled.Message,
            nextTryAt = settled.NotBefore,
        });
    }

    /// <summary>Tells of a run that has ended.</summary>
    public static void RunEnded(Change change, RunRow run, DagSettings settings, RunState state)
    {
        if (settings.Callbacks.Count > 0)
        {
            var ended = state == RunState.Success ? CallbackEvent.Success : CallbackEvent.Failure;
            Write(change, run, settings.Callbacks, ended, null, null, new { state = state.ToWire() }, ended == CallbackEvent.Failure ? InsertFailedRun : Insert);
        }
    }

    /// <summary>Tells of a deadline that has passed.</summary>
    public static void DeadlineMissed(Change change, RunRow run, IReadOnlyList<Callback> callbacks, string? taskId, TimeSpan deadline, DateTimeOffset due) =>
        Write(change, run, callbacks, CallbackEvent.Deadline, taskId, null, new { deadlineSeconds = deadline.TotalSeconds, due });

    private static CallbackEvent? EventOf(TaskState state) => state switch
    {
        TaskState.Success => CallbackEvent.Success,
        TaskState.Failed => CallbackEvent.Failure,
        TaskState.UpForRetry => CallbackEvent.Retry,
        _ => null,
    };

    private static void Write(
        Change change, RunRow run, IReadOnlyList<Callback> callbacks, CallbackEvent happened, string? taskId, long? attemptId, object facts,
        string insert = Insert)
    {
        foreach (var callback in callbacks.Where(c => c.On.Contains(happened)))
        {
            // Each recipient by itself: who is refused, and so told again, must not have the others told again.
            foreach (var target in callback.Webhook is { } webhook ? [webhook] : callback.Email)
            {
                change.Send(insert, new
                {
                    Event = happened.ToWire(),
                    run.DagId,
                    run.RunId,
                    TaskId = taskId,
                    AttemptId = attemptId,
                    Channel = callback.Webhook is null ? "email" : "webhook",
                    Target = target,
                    callback.Connection,
                    Facts = JsonSerializer.Serialize(facts, TaskJson.Options),
                });
            }
        }
    }
}
