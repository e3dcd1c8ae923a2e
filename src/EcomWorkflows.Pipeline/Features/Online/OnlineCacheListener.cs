using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>Keeps the cache right: listens for changes on a connection of its own, and has the cache distrusted whenever that is interrupted.</summary>
internal sealed class OnlineCacheListener(NpgsqlDataSource database, OnlineCache cache, TimeProvider time, ILogger<OnlineCacheListener> logger) : BackgroundService
{
    private static readonly TimeSpan ReconnectWait = TimeSpan.FromSeconds(1);

    /// <summary>A connection that died without a word is noticed by asking.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException)
            {
                logger.LogWarning("Notifications of features are interrupted; features come from the database meanwhile: {Reason}", failure.Message);
                await Task.Delay(ReconnectWait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                cache.Distrust();
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Dispatch(notification.Payload);
        await ExecuteAsync(connection, $"listen {FeatureNotifications.Channel}", cancellationToken);
        cache.Trust();
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
            await SessionReset.AfterForeignSqlAsync(connection);
        }
    }

    private void Dispatch(string payload)
    {
        if (payload == FeatureNotifications.Registry)
        {
            cache.RegistryChanged();
            return;
        }
        var (view, version, keys) = FeatureNotifications.Read(payload);
        cache.ValuesChanged(view, version, keys);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 10 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
