using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Tells pages in this process that a run (or a task of it) has changed; what it is now, they read from the database.</summary>
public sealed class RunChanges
{
    private readonly ConcurrentDictionary<Channel<long>, long?> watchers = new();

    /// <summary>Ids of changed runs from now on; changes that come while the reader is busy are folded together.</summary>
    /// <param name="runId">Only this run; null for all.</param>
    public async IAsyncEnumerable<long> WatchAsync(long? runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<long>(new BoundedChannelOptions(runId is null ? 256 : 1) { FullMode = BoundedChannelFullMode.DropWrite });
        watchers[channel] = runId;
        try
        {
            await foreach (var changed in channel.Reader.ReadAllAsync(cancellationToken))
                yield return changed;
        }
        finally
        {
            watchers.TryRemove(channel, out _);
        }
    }

    internal void Publish(long runId)
    {
        foreach (var (channel, only) in watchers)
        {
            if (only is null || only == runId)
                channel.Writer.TryWrite(runId);
        }
    }
}
