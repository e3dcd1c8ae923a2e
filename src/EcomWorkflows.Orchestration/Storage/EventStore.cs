using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Raises the events that deferred tasks wait for.</summary>
public sealed class EventStore(NpgsqlDataSource database)
{
    /// <summary>Raises an event: tasks deferred on it, now or later, go on. Raising it again changes nothing.</summary>
    /// <returns>False when it had been raised before.</returns>
    public async Task<bool> RaiseAsync(string eventKey, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isNew = await RaiseAsync(transaction, eventKey, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return isNew;
    }

    /// <summary>The same inside a transaction of the caller's: the event is raised when that commits.</summary>
    public static async Task<bool> RaiseAsync(NpgsqlTransaction transaction, string eventKey, string actor, CancellationToken cancellationToken)
    {
        var isNew = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.raised_event (event_key, raised_by)
            values (@eventKey, @actor)
            on conflict do nothing
            """,
            new { eventKey, actor }, transaction, cancellationToken: cancellationToken)) == 1;
        await Notifications.DueChangedAsync(transaction, cancellationToken);
        return isNew;
    }
}
