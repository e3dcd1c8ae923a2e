using System.Collections.Concurrent;
using System.Reflection;
using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>
/// What one transaction changes: statements without an answer wait and travel with the next one that has one, events and notifications go last.
/// A round trip costs more than the statements in it, and a transaction of the hot path has about ten of them.
/// </summary>
internal sealed class Change(NpgsqlTransaction transaction)
{
    private const string Commit = "commit";

    /// <summary>The longest a process may think between two statements; after it the server ends the session and takes its locks.</summary>
    private const string LongestPause = "10s";

    /// <summary>Transactions after which a connection plans its statements anew.</summary>
    private const int LifeOfPlans = 61;

    private static readonly object NoParameters = new { };

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    private static int plannedByIndex;

    private readonly List<NpgsqlBatchCommand> waiting = [];
    private readonly List<EventRow> events = [];
    private readonly HashSet<long> changedRuns = [];
    private readonly HashSet<long> queued = [];
    private int unreadAnswers;
    private bool queueChanged;
    private bool dueChanged;

    public NpgsqlTransaction Transaction => transaction;

    /// <summary>Adds a statement whose answer does not matter; an error in it shows at the next round trip.</summary>
    public void Send(string sql, object parameters) => waiting.Add(Command(sql, parameters));

    /// <summary>As <see cref="Send"/>, for a statement that answers rows nobody wants.</summary>
    public void Call(string sql, object parameters)
    {
        Send(sql, parameters);
        unreadAnswers++;
    }

    /// <summary>
    /// Statements of this transaction that follow are planned once per connection, for the few rows each of them means, and go by index. A planner that looks at
    /// the statistics takes a queue that has just filled for an empty one and sorts all of it at every claim; and planning costs as much as carrying out.
    /// Such a transaction holds locks that every node needs: a process that is stopped in the middle of it loses it soon, see <see cref="LongestPause"/>.
    /// </summary>
    public void PlanByIndex()
    {
        Call(
            $"""
            select set_config('idle_in_transaction_session_timeout', '{LongestPause}', true),
                   set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true), set_config('enable_sort', 'off', true),
                   set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_material', 'off', true),
                   set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
            """,
            NoParameters);
        // A plan made while a table held a handful of rows may read all of it; it must not stay for long while the table grows.
        if (Interlocked.Increment(ref plannedByIndex) % LifeOfPlans == 0)
            Send("discard plans", NoParameters);
    }

    public void Log(EventRow row) => events.Add(row);

    public void Log(IEnumerable<EventRow> rows) => events.AddRange(rows);

    /// <summary>Wakes the nodes after the commit.</summary>
    public void QueueChanged() => queueChanged = true;

    /// <summary>Instances are in the queue now; wakes the nodes after the commit unless all of them are <see cref="Taken"/> before it.</summary>
    public void Queued(IEnumerable<long> instanceIds) => queued.UnionWith(instanceIds);

    /// <summary>Instances start in this same transaction: nobody has to look for them.</summary>
    public void Taken(IEnumerable<long> instanceIds) => queued.ExceptWith(instanceIds);

    /// <summary>Wakes, after the commit, whoever looks for tasks whose wait is over.</summary>
    public void DueChanged() => dueChanged = true;

    /// <summary>Tells pages about the runs after the commit.</summary>
    public void RunsChanged(IEnumerable<long> runIds) => changedRuns.UnionWith(runIds);

    /// <summary>Sends what waits, then the query; returns its rows.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        Send(sql, parameters);
        await using var reader = await ExecuteAsync(cancellationToken);
        var rows = await ReadAsync<T>(reader, cancellationToken);
        await EndAsync(reader, cancellationToken);
        return rows;
    }

    /// <summary>As <see cref="QueryAsync{T}"/>, with the events gathered so far before the query, the notifications and the commit behind it.</summary>
    public async Task<List<T>> QueryAndCommitAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        SendEvents();
        Send(sql, parameters);
        SendNotifications();
        Send(Commit, NoParameters);
        await using var reader = await ExecuteAsync(cancellationToken);
        var rows = await ReadAsync<T>(reader, cancellationToken);
        await EndAsync(reader, cancellationToken);
        return rows;
    }

    /// <summary>As <see cref="QueryAsync{T}"/> for two queries in one round trip; the second sees what the first did.</summary>
    public async Task<(List<T1> First, List<T2> Second)> QueryAsync<T1, T2>(string first, string second, object parametersOfFirst, object parametersOfSecond, CancellationToken cancellationToken)
    {
        Send(first, parametersOfFirst);
        Send(second, parametersOfSecond);
        await using var reader = await ExecuteAsync(cancellationToken);
        var rows = await ReadAsync<T1>(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var more = await ReadAsync<T2>(reader, cancellationToken);
        await EndAsync(reader, cancellationToken);
        return (rows, more);
    }

    /// <summary>As <see cref="QueryAsync{T}"/> for three queries, the first without parameters; the events gathered so far go before them.</summary>
    public async Task<(List<T1> First, List<T2> Second, List<T3> Third)> QueryAsync<T1, T2, T3>(
        string first, string second, string third, object parametersOfSecond, object parametersOfThird, CancellationToken cancellationToken)
    {
        SendEvents();
        Send(first, NoParameters);
        Send(second, parametersOfSecond);
        Send(third, parametersOfThird);
        await using var reader = await ExecuteAsync(cancellationToken);
        var rows = await ReadAsync<T1>(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var more = await ReadAsync<T2>(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var last = await ReadAsync<T3>(reader, cancellationToken);
        await EndAsync(reader, cancellationToken);
        return (rows, more, last);
    }

    /// <summary>Sends everything that waits.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        SendEvents();
        SendNotifications();
        if (waiting.Count == 0)
            return;
        await using var batch = TakeBatch();
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Sends everything that waits and commits, in one round trip: an error before the commit keeps the server from reaching it.</summary>
    public Task CommitAsync(CancellationToken cancellationToken)
    {
        SendEvents();
        SendNotifications();
        Send(Commit, NoParameters);
        return FlushAsync(cancellationToken);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var parse = reader.GetRowParser(typeof(T));
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((T)parse(reader));
        return rows;
    }

    /// <summary>An error in a later statement of the batch shows only when its answer is reached.</summary>
    private static async Task EndAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
    }

    private static NpgsqlBatchCommand Command(string sql, object parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var property in Properties.GetOrAdd(parameters.GetType(), type => type.GetProperties()))
        {
            var value = property.GetValue(parameters);
            command.Parameters.Add(new NpgsqlParameter(property.Name, value switch
            {
                null => DBNull.Value,
                DateTimeOffset time => time.UtcDateTime,
                _ => value,
            }));
        }
        return command;
    }

    private void SendEvents()
    {
        if (events.Count > 0)
            Send(EventLog.Insert, EventLog.Parameters(events));
        events.Clear();
    }

    private void SendNotifications()
    {
        if (changedRuns.Count > 0)
            Send(Notifications.NotifyRuns, Notifications.RunParameters(changedRuns));
        if (queueChanged || queued.Count > 0)
            Send(Notifications.NotifyQueue, Notifications.QueueParameters);
        if (dueChanged)
            Send(Notifications.NotifyDue, Notifications.DueParameters);
        changedRuns.Clear();
        queued.Clear();
        queueChanged = false;
        dueChanged = false;
    }

    /// <summary>Sends everything that waits; the reader stands at the answer of the first query.</summary>
    private async Task<NpgsqlDataReader> ExecuteAsync(CancellationToken cancellationToken)
    {
        var skip = unreadAnswers;
        await using var batch = TakeBatch();
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (; skip > 0; skip--)
            await reader.NextResultAsync(cancellationToken);
        return reader;
    }

    private NpgsqlBatch TakeBatch()
    {
        var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var command in waiting)
            batch.BatchCommands.Add(command);
        waiting.Clear();
        unreadAnswers = 0;
        return batch;
    }
}
