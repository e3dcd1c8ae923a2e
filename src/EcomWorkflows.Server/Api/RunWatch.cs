using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api;

/// <summary>Follows a run: says when what people see of it is no longer what it was.</summary>
internal sealed class RunWatch(RunReader runs, RunChanges changes, IHostApplicationLifetime lifetime)
{
    // The notifications of other nodes' progress may be lost; looking this often is the safety net.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>The present state, then each changed one, until the run has ended.</summary>
    public async IAsyncEnumerable<RunSnapshot> StatesAsync(long runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A stream would otherwise hold up the server's stop until the browser goes away.
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var changed = new SemaphoreSlim(0);
        var listener = ListenAsync(runId, changed, listening.Token);
        try
        {
            string? last = null;
            while (true)
            {
                var snapshot = await ReadAsync(runId, listening.Token);
                if (snapshot.Fingerprint != last)
                    yield return snapshot;
                if (snapshot.HasEnded)
                    yield break;
                last = snapshot.Fingerprint;
                await changed.WaitAsync(LookAgain, listening.Token);
                while (changed.CurrentCount > 0)
                    await changed.WaitAsync(listening.Token);
            }
        }
        finally
        {
            await listening.CancelAsync();
            await listener;
        }
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
            // Nobody watches any more.
        }
    }

    private async Task<RunSnapshot> ReadAsync(long runId, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(runId, cancellationToken);
        var instances = await runs.TaskInstancesAsync(runId, cancellationToken);
        var seen = JsonSerializer.SerializeToUtf8Bytes(
            new { run.State, run.ClearNumber, run.Message, Tasks = instances.Select(i => new { i.State, i.TryNumber, i.AttemptId, i.Progress, i.ProgressMessage, i.Message, i.NotBefore }) });
        return new RunSnapshot(run.State, run.State is "success" or "failed", Convert.ToHexStringLower(SHA256.HashData(seen).AsSpan(0, 8)));
    }
}
