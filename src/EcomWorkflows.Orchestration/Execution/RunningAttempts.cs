using System.Collections.Concurrent;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>The attempts this node is running now, and how to stop them.</summary>
internal sealed class RunningAttempts
{
    private readonly ConcurrentDictionary<long, CancellationTokenSource> running = new();

    public int Count => running.Count;

    public IReadOnlyCollection<long> AttemptIds => [.. running.Keys];

    public void Add(long attemptId, CancellationTokenSource stop) => running[attemptId] = stop;

    public void Remove(long attemptId) => running.TryRemove(attemptId, out _);

    public void Stop(long attemptId)
    {
        if (running.TryGetValue(attemptId, out var stop))
            Cancel(stop);
    }

    private static void Cancel(CancellationTokenSource stop)
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in this moment.
        }
    }
}
