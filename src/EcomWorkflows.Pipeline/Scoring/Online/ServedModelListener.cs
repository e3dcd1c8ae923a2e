using System.Threading.Channels;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>Hears of moved aliases on a connection of its own and has the new versions take their places; has the aliases distrusted whenever that is interrupted.</summary>
internal sealed class ServedModelListener(NpgsqlDataSource database, ServedModels models, TimeProvider time, ILogger<ServedModelListener> logger) : BackgroundService
{
    private static readonly TimeSpan ReconnectWait = TimeSpan.FromSeconds(1);

    /// <summary>A connection that died without a word is noticed by asking.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    private readonly Channel<string> moved = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), FollowAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using NpgsqlConnection connection = await database.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notification) =>
                {
                    models.Moved();
                    moved.Writer.TryWrite(notification.Payload);
                };
                await ExecuteAsync(connection, $"listen {ModelNotifications.Channel}", stoppingToken);
                models.Trust();
                while (true)
                {
                    if (!await connection.WaitAsync(AskEvery, stoppingToken))
                        await ExecuteAsync(connection, "select 1", stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException)
            {
                logger.LogWarning("Notifications of models are interrupted; every request asks the registry meanwhile: {Reason}", failure.Message);
                await Task.Delay(ReconnectWait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                models.Distrust();
            }
        }
    }

    /// <remarks>One after the other: the newest move is followed last.</remarks>
    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string name in moved.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await models.FollowAsync(name, stoppingToken);
                }
                catch (NpgsqlException failure)
                {
                    // What is believed may be old now; without it every request asks the registry until the next one is remembered.
                    logger.LogWarning("The aliases of {Model} could not be read after a move: {Reason}", name, failure.Message);
                    models.Forget();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 10 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
