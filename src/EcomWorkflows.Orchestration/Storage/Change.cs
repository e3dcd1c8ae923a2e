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

    private static readonly object NoParameters = new { };

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    private readonly List<NpgsqlBatchCommand> waiting = [];
    private readonly List<EventRow> events = [];
    private readonly HashSet<long> changedRuns = [];
    private bool queueChanged;
    private bool dueChanged;

    public NpgsqlTransaction Transaction => transaction;

    /// <summary>Adds a statement whose answer does not matter; an error in it shows at the next round trip.</summary>
    public void Send(string sql, object parameters) => waiting.Add(Command(sql, parameters));

    public void Log(EventRow row) => events.Add(row);

    public void Log(IEnumerable<EventRow> rows) => events.AddRange(rows);

    /// <summary>Wakes the nodes after the commit.</summary>
    public void QueueChanged() => queueChanged = true;

    /// <summary>Wakes, after the commit, whoever looks for tasks whose wait is over.</summary>
    public void DueChanged() => dueChanged = true;

    /// <summary>Tells pages about the runs after the commit.</summary>
    public void RunsChanged(IEnumerable<long> runIds) => changedRuns.UnionWith(runIds);

    /// <summary>Sends what waits, then the query; returns its rows.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        Send(sql, parameters);
        await using var batch = TakeBatch();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = await ReadAsync<T>(reader, cancellationToken);
        await EndAsync(reader, cancellationToken);
        return rows;
    }

    /// <summary>As <see cref="QueryAsync{T}"/>, with the events and notifications gathered so far and the commit behind the query.</summary>
    public async Task<List<T>> QueryAndCommitAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        Send(sql, parameters);
        SendEvents();
        Send(Commit, NoParameters);
        await using var batch = TakeBatch();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = await ReadAsync<T>(reader, cancellationToken);
        await EndAsync(reader, cancellationToken);
        return rows;
    }

    /// <summary>As <see cref="QueryAsync{T}"/> for two queries in one round trip; the second sees what the first did.</summary>
    public async Task<(List<T1> First, List<T2> Second)> QueryAsync<T1, T2>(string first, string second, object parametersOfFirst, object parametersOfSecond, CancellationToken cancellationToken)
    {
        Send(first, parametersOfFirst);
        Send(second, parametersOfSecond);
        await using var batch = TakeBatch();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = await ReadAsync<T1>(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var more = await ReadAsync<T2>(reader, cancellationToken);
        await EndAsync(reader, cancellationToken);
        return (rows, more);
    }

    /// <summary>Sends everything that waits.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        SendEvents();
        if (waiting.Count == 0)
            return;
        await using var batch = TakeBatch();
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Sends everything that waits and commits, in one round trip: an error before the commit keeps the server from reaching it.</summary>
    public Task CommitAsync(CancellationToken cancellationToken)
    {
        SendEvents();
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
        if (changedRuns.Count > 0)
            Send(Notifications.NotifyRuns, Notifications.RunParameters(changedRuns));
        if (queueChanged)
            Send(Notifications.NotifyQueue, Notifications.QueueParameters);
        if (dueChanged)
            Send(Notifications.NotifyDue, Notifications.DueParameters);
        events.Clear();
        changedRuns.Clear();
        queueChanged = false;
        dueChanged = false;
    }

    private NpgsqlBatch TakeBatch()
    {
        var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var command in waiting)
            batch.BatchCommands.Add(command);
        waiting.Clear();
        return batch;
    }
}
