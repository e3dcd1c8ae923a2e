using System.Globalization;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Listens for notifications on a connection of its own and passes them on: work in the queue, fenced attempts, changed runs.</summary>
internal sealed class Listener(NpgsqlDataSource database, RunChanges changes, TimeProvider time, ILogger<Listener> logger)
{
    private static readonly TimeSpan ReconnectWait = TimeSpan.FromSeconds(1);

    public async Task RunAsync(Signal queueChanged, Signal dueChanged, RunningAttempts running, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, notification) => Dispatch(notification, queueChanged, dueChanged, running);
                await using (var listen = new NpgsqlCommand(
                    $"listen {Notifications.QueueChannel}; listen {Notifications.DueChannel}; listen {Notifications.FencedChannel}; listen {Notifications.RunChannel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                }
                // What was notified while nobody listened is found by looking once.
                queueChanged.Raise();
                dueChanged.Raise();
                try
                {
                    while (true)
                        await connection.WaitAsync(cancellationToken);
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
