using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Takes unfinished attempts away from their nodes.</summary>
internal static class Fencing
{
    /// <summary>Ends the newest attempts of unfinished instances as fenced and tells their nodes to stop them; whatever they still report or publish is refused.</summary>
    public static async Task FenceAsync(NpgsqlTransaction transaction, IReadOnlyCollection<InstanceRow> instances, CancellationToken cancellationToken)
    {
        var attempts = instances.Where(i => i.AttemptId is not null && !i.TaskState.IsFinished()).Select(i => i.AttemptId!.Value).ToArray();
        if (attempts.Length == 0)
            return;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_attempt
            set state = 'fenced', cause = 'cancelled', ended_at = clock_timestamp(),
                message = case state when 'waiting' then 'cancelled or cleared while it waited' else 'cancelled or cleared while it ran' end
            where attempt_id = any(@attempts)
              and state in ('running', 'waiting')
            """,
            new { attempts }, transaction, cancellationToken: cancellationToken));
        await QuestionStore.WithdrawAsync(transaction, attempts, cancellationToken);
        await Notifications.FencedAsync(transaction, attempts, cancellationToken);
    }
}
