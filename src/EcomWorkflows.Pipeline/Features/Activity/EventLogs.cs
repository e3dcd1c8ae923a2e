using System.Diagnostics.CodeAnalysis;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Event logs with different customers, read as if they were one.</summary>
internal sealed class EventLogs : IDisposable
{
    /// <summary>How many there can be.</summary>
    public const int Most = 1 + byte.MaxValue;

    private readonly EventLog[] logs;

    // Of each customer in the order of the ids, the log.
    private readonly byte[] logOf;

    /// <exception cref="ArgumentOutOfRangeException">There are more than <see cref="Most"/>.</exception>
    public EventLogs(params EventLog[] logs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logs.Length, Most, nameof(logs));
        this.logs = logs;
        logOf = new byte[logs.Sum(log => log.Customers.Count)];
        if (logs.Length > 1)
            Merge(logs, logOf);
    }

    /// <summary>Customers with activity before a moment.</summary>
    /// <param name="cut">Microseconds since 1970.</param>
    public long Active(long cut) => logs.Sum(log => (long)log.Active(cut));

    /// <summary>All customers, in the order of their ids.</summary>
    public Cursor InOrder() => new(this);

    public void Dispose()
    {
        foreach (var log in logs)
            log.Dispose();
    }

    private static void Merge(EventLog[] logs, byte[] logOf)
    {
        var next = new int[logs.Length];
        for (var customer = 0; customer < logOf.Length; customer++)
        {
            var least = -1;
            for (var log = 0; log < next.Length; log++)
            {
                if (next[log] < logs[log].Customers.Count && (least < 0 || logs[log].Customers.IsBefore(next[log], logs[least].Customers, next[least])))
                    least = log;
            }
            logOf[customer] = (byte)least;
            next[least]++;
        }
    }

    /// <summary>Goes from customer to customer.</summary>
    public sealed class Cursor(EventLogs all)
    {
        private readonly int[] next = new int[all.logs.Length];
        private int passed;

        /// <summary>The log of the next customer, and its number there.</summary>
        /// <returns>Whether there is another.</returns>
        public bool Next([NotNullWhen(true)] out EventLog? log, out int customer)
        {
            if (passed == all.logOf.Length)
            {
                (log, customer) = (null, 0);
                return false;
            }
            var of = all.logOf[passed++];
            (log, customer) = (all.logs[of], next[of]++);
            return true;
        }
    }
}
