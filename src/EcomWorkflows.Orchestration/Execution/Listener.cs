using System.Globalization;
using EcomWorkflows.Orchestration.Listening;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Passes on what the database notifies the node of: work in the queue, fenced attempts, changed runs.</summary>
internal sealed class Listener(NpgsqlDataSource database, RunChanges changes, OutageLog outages, TimeProvider time)
{
    private static readonly string[] Channels = [Notifications.QueueChannel, Notifications.DueChannel, Notifications.FencedChannel, Notifications.RunChannel];

    private readonly NotificationListening listening = new(database, outages, time);

    public Task RunAsync(Signal queueChanged, Signal dueChanged, RunningAttempts running, CancellationToken cancellationToken) => listening.RunAsync(
        Channels,
        notification => Dispatch(notification, queueChanged, dueChanged, running),
        () =>
        {
            // What was notified while nobody listened is found by looking once.
            queueChanged.Raise();
            dueChanged.Raise();
        },
        () => { },
        "polling goes on meanwhile",
        cancellationToken);

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
