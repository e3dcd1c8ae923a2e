using System.Threading.Channels;
using EcomWorkflows.Orchestration.Listening;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>Hears of moved aliases and has the new versions take their places; has the aliases distrusted whenever that is interrupted.</summary>
internal sealed class ServedModelListener(NpgsqlDataSource database, ServedModels models, OutageLog outages, TimeProvider time, ILogger<ServedModelListener> logger) : BackgroundService
{
    private readonly Channel<string> moved = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    private readonly NotificationListening listening = new(database, outages, time);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), FollowAsync(stoppingToken));

    private Task ListenAsync(CancellationToken stoppingToken) => listening.RunAsync(
        [ModelNotifications.Channel],
        notification =>
        {
            models.Moved();
            moved.Writer.TryWrite(notification.Payload);
        },
        models.Trust, models.Distrust, "every request asks the registry meanwhile", stoppingToken);

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
}
