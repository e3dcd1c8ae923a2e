using System.Collections.Concurrent;
using Npgsql;

namespace EcomWorkflows.TestKit;

/// <summary>What faults do to time: the host moves the clock on to what they wait for.</summary>
internal sealed class FaultClock(VirtualTime time, NpgsqlDataSource database)
{
    /// <summary>Longer than the wait between two heartbeats.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> waiting = new();

    /// <summary>When the first fault is over; null where none waits.</summary>
    public DateTimeOffset? Next => waiting.Values.Select(at => (DateTimeOffset?)at).Min();

    public async Task DelayAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        waiting[id] = time.GetUtcNow() + by;
        try
        {
            await Task.Delay(by, time, cancellationToken);
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Ends the lease of the node an attempt runs on and waits until the attempt is told that it is lost.</summary>
    public async Task LoseWorkerAsync(long attemptId, CancellationToken cancellationToken)
    {
        await using (var command = database.CreateCommand(
            """
            update orchestration.node
            set lease_until = clock_timestamp() - interval '1 second'
            where node_id = (select node_id from orchestration.task_attempt where attempt_id = $1)
            """))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = attemptId });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        // The next heartbeat finds the lease gone and stops the attempt; how soon, only the node knows.
        while (true)
            await DelayAsync(Lease, cancellationToken);
    }
}
