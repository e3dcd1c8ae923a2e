using System.Globalization;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Listens for notifications on a connection of its own and passes them on: work in the queue, fenced attempts, changed runs.</summary>
internal sealed class Listener(NpgsqlDataSource database, RunChanges changes, TimeProvider time, ILogger<Listener> logger)
{
    private static readonly TimeSpan ReconnectWait = TimeSpan.FromSeconds(1);

    /// <summary>A connection that died without a word is noticed by asking.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    public async Task RunAsync(Signal queueChanged, Signal dueChanged, RunningAttempts running, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, notification) => Dispatch(notification, queueChanged, dueChanged, running);
                await ExecuteAsync(
                    connection, $"listen {Notifications.QueueChannel}; listen {Notifications.DueChannel}; listen {Notifications.FencedChannel}; listen {Notifications.RunChannel}", cancellationToken);
                // What was notified while nobody listened is found by looking once.
                queueChanged.Raise();
                dueChanged.Raise();
                try
                {
                    while (true)
                    {
                        if (!await connection.WaitAsync(AskEvery, cancellationToken))
                            await ExecuteAsync(connection, "select 1", cancellationToken);
                    }
                }
                finally
                {
                    // Back in the pool it would go on listening.
                    await SessionReset.AfterForeignSqlAsync(connection);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException failure)
            {
                logger.LogWarning("Notifications are interrupted; polling goes on meanwhile: {Reason}", failure.Message);
                await Task.Delay(ReconnectWait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Dispatch(NpgsqlNotificationEventArgs notification, Signal queueChanged, Signal dueChanged, RunningAttempts running)
    {
        switch (notification.Channel)
        {
            case Notifications.QueueChannel:
                queueChanged.Raise();
                break;
            case Notifications.DueChannel:
                dueChanged.Raise();
                break;
            case Notifications.FencedChannel:
                running.Stop(long.Parse(notification.Payload, CultureInfo.InvariantCulture));
                break;
            case Notifications.RunChannel:
                changes.Publish(long.Parse(notification.Payload, CultureInfo.InvariantCulture));
                break;
        }
    }
}
