using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Execution;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Sends the changes of observed runs to their observers: one loop per run, at most one round of messages per second, and a last round when the run has ended.</summary>
internal sealed class InstanceBroadcast(
    IHubContext<InstanceHub> hub, InstanceViews views, RunChanges changes, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<InstanceBroadcast> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Notifications of other nodes' progress may be lost; looking this often is the safety net.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Observed> observed = new(StringComparer.Ordinal);

    public void Join(string instanceId, string connectionId)
    {
        lock (gate)
        {
            if (!observed.TryGetValue(instanceId, out var loop) || loop.Stop.IsCancellationRequested)
            {
                observed[instanceId] = loop = new Observed(CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping));
                _ = Task.Run(() => RunAsync(instanceId, loop), CancellationToken.None);
            }
            loop.Connections.Add(connectionId);
        }
    }

    public void Leave(string connectionId)
    {
        lock (gate)
        {
            foreach (var loop in observed.Values.Where(o => o.Connections.Remove(connectionId) && o.Connections.Count == 0))
                loop.Stop.Cancel();
        }
    }

    private async Task RunAsync(string instanceId, Observed loop)
    {
        try
        {
            await FollowAsync(instanceId, loop.Stop);
        }
        catch (OperationCanceledException)
        {
            // Nobody observes any more, or the server stops.
        }
        catch (NotFoundException missing)
        {
            logger.LogDebug("{Reason}", missing.Message);
        }
        catch (NpgsqlException failure)
        {
            logger.LogWarning("Observers of run {InstanceId} hear nothing more until they ask again: {Reason}", instanceId, failure.Message);
        }
        finally
        {
            lock (gate)
            {
                if (ReferenceEquals(observed.GetValueOrDefault(instanceId), loop))
                    observed.Remove(instanceId);
            }
            loop.Stop.Dispose();
        }
    }

    private async Task FollowAsync(string instanceId, CancellationTokenSource stop)
    {
        var runId = InstanceId.Parse(instanceId);
        using var changed = new SemaphoreSlim(0);
        var listening = ListenAsync(runId, changed, stop.Token);
        try
        {
            (DateTimeOffset, int)? last = null;
            while (true)
            {
                var view = await views.WithoutAttemptsAsync(runId, stop.Token);
                var seen = (view.Run.UpdatedAt, Progress(view));
                if (seen != last)
                    await SendAsync(instanceId, view, stop.Token);
                if (view.Run.EndedAt is not null)
                    return;
                last = seen;
                await Task.Delay(Interval, time, stop.Token);
                await changed.WaitAsync(LookAgain, stop.Token);
                while (changed.CurrentCount > 0)
                    await changed.WaitAsync(stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await listening;
        }
    }

    private async Task SendAsync(string instanceId, InstanceView view, CancellationToken cancellationToken)
    {
        var observers = hub.Clients.Group(instanceId);
        await observers.SendAsync("ActivityExecutionLogUpdatedAsync", GetExecutions.Report(view, nodeIds: null), cancellationToken);
        await observers.SendAsync("WorkflowExecutionLogUpdatedAsync", new object(), cancellationToken);
        await observers.SendAsync("WorkflowInstanceUpdatedAsync", new { workflowInstanceId = instanceId }, cancellationToken);
    }

    private async Task ListenAsync(long runId, SemaphoreSlim changed, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in changes.WatchAsync(runId, cancellationToken))
                changed.Release();
        }
        catch (OperationCanceledException)
        {
            // The loop has ended.
        }
    }

    /// <summary>Differs when a badge may differ, also where the run's own row was not touched.</summary>
    private static int Progress(InstanceView view) =>
        view.Instances.Aggregate(0, (hash, i) => HashCode.Combine(hash, i.State, i.TryNumber));

    private sealed record Observed(CancellationTokenSource Stop)
    {
        public HashSet<string> Connections { get; } = [];
    }
}
