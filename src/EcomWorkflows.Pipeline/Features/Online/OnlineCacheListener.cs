using EcomWorkflows.Orchestration.Listening;
using EcomWorkflows.Orchestration.Outages;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>Keeps the cache right: listens for changes, and has the cache distrusted whenever that is interrupted.</summary>
internal sealed class OnlineCacheListener(NpgsqlDataSource database, OnlineCache cache, OutageLog outages, TimeProvider time) : BackgroundService
{
    private readonly NotificationListening listening = new(database, outages, time);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => listening.RunAsync(
        [FeatureNotifications.Channel], notification => Dispatch(notification.Payload), cache.Trust, cache.Distrust, "features come from the database meanwhile", stoppingToken);

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
}
