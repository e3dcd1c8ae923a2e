using System.Net.Sockets;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Orchestration.Listening;

/// <summary>Listens for notifications of the database on a connection of its own, and takes a new one whenever that is lost.</summary>
public sealed class NotificationListening(NpgsqlDataSource database, OutageLog outages, TimeProvider time)
{
    private static readonly TimeSpan ReconnectWait = TimeSpan.FromSeconds(1);

    /// <summary>A connection that died without a word is noticed by asking.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    /// <summary>Until it is cancelled, which is no error.</summary>
    /// <param name="channels">Names of channels; ours, so they need no quotes.</param>
    /// <param name="heard">Called for each notification, in the order in which they came.</param>
    /// <param name="listens">Called when from now on nothing is missed; what was notified before it must be looked for.</param>
    /// <param name="deaf">Called as soon as something may be missed, and at the end.</param>
    /// <param name="meanwhile">What helps while nobody listens, in words, for the log.</param>
    public async Task RunAsync(
        IReadOnlyList<string> channels, Action<NpgsqlNotificationEventArgs> heard, Action listens, Action deaf, string meanwhile, CancellationToken cancellationToken)
    {
        var what = $"Listening on {string.Join(", ", channels)} ({meanwhile})";
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(
                    channels, heard,
                    () =>
                    {
                        outages.Worked(what);
                        listens();
                    },
                    deaf, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or SocketException or IOException)
            {
                outages.Failed(what, failure);
                await Task.Delay(ReconnectWait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(IReadOnlyList<string> channels, Action<NpgsqlNotificationEventArgs> heard, Action listens, Action deaf, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => heard(notification);
        try
        {
            await ExecuteAsync(connection, string.Join("; ", channels.Select(channel => $"listen {channel}")), cancellationToken);
            listens();
            while (true)
            {
                if (!await connection.WaitAsync(AskEvery, cancellationToken))
                    await ExecuteAsync(connection, "select 1", cancellationToken);
            }
        }
        finally
        {
            deaf();
            // Back in the pool it would go on listening.
            await SessionReset.AfterForeignSqlAsync(connection);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)AskEvery.TotalSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
