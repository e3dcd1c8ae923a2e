using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>
/// Bulk insert into a table. Rows count once <see cref="Flush"/> or <see cref="Dispose"/> returned; a row not ended, and everything after a failure, is dropped.
/// </summary>
public sealed class DuckDbAppender : DuckDbRowWriter, IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly AppenderHandle _appender;
    private readonly DataChunkHandle _chunk;
    private readonly string _table;
    private bool _failed;
    private bool _disposed;

    private DuckDbAppender(DuckDbConnection connection, AppenderHandle appender, RowLayout layout, DataChunkHandle chunk, string table)
        : base(connection, layout, chunk, table)
    {
        _connection = connection;
        _appender = appender;
        _chunk = chunk;
        _table = table;
    }

    /// <summary>Writes all rows ended so far to the table.</summary>
    /// <exception cref="DuckDbException">Kind Constraint and others, when the table refuses them; the appender is then of no more use.</exception>
    public void Flush()
    {
        ThrowIfUnusable();
        if (HasBegunRow)
            throw new InvalidOperationException($"A row of {_table} is begun and not ended: end it before Flush.");
        _connection.BeginStatement();
        DeliverRows();
        Check(NativeMethods.duckdb_appender_flush(_appender));
    }

    /// <summary>Flushes the rows that were ended.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        try
        {
            if (!_failed)
            {
                DeliverRows();
                Check(NativeMethods.duckdb_appender_flush(_appender));
            }
        }
        finally
        {
            _disposed = true;
            _chunk.Dispose();
            _appender.Dispose();
        }
    }

    internal static DuckDbAppender Create(DuckDbConnection connection, string table, string? schema)
    {
        var state = NativeMethods.duckdb_appender_create(connection.Handle, schema, table, out var appender);
        if (state != 0)
        {
            using (appender)
                throw NativeError.FromAppender(appender, table);
        }
        appender.KeepOpen(connection.Handle);
        using var layout = RowLayout.Of(connection, appender, table, schema);
        return new DuckDbAppender(connection, appender, layout, layout.CreateChunk(), table);
    }

    private protected override DataChunkHandle Deliver(DataChunkHandle chunk)
    {
        Check(NativeMethods.duckdb_append_data_chunk(_appender, chunk));
        NativeMethods.duckdb_data_chunk_reset(chunk);
        return chunk;
    }

    private protected override void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        base.ThrowIfUnusable();
        if (_failed)
            throw new InvalidOperationException($"An earlier append to {_table} failed; this appender is of no more use.");
    }

    private void Check(int state)
    {
        if (state == 0)
            return;
        _failed = true;
        throw NativeError.FromAppender(_appender, _table);
    }
}
