using EcomWorkflows.DuckDB.Native;
using EcomWorkflows.DuckDB.Vectors;

namespace EcomWorkflows.DuckDB;

/// <summary>
/// Bulk insert, handed to DuckDB in chunks: row by row in the table's column order, or column by column for up to <see cref="Room"/> rows between
/// <see cref="Seek"/> and <see cref="EndRows"/>. Rows count once <see cref="Flush"/> or <see cref="Dispose"/> returned; a row not ended, and everything after a
/// failure, is dropped.
/// </summary>
public sealed class DuckDbAppender : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly AppenderHandle _appender;
    private readonly DataChunkHandle _chunk;
    private readonly ColumnWriter[] _columns;
    private readonly string _table;
    private readonly int _capacity;

    // Rows of the chunk that were ended, and where the next value goes: the row after them, unless Seek says another.
    private int _ended;
    private int _row;
    private int _column;
    private bool _failed;
    private bool _disposed;

    private DuckDbAppender(DuckDbConnection connection, AppenderHandle appender, DataChunkHandle chunk, ColumnWriter[] columns, string table)
    {
        _connection = connection;
        _appender = appender;
        _chunk = chunk;
        _columns = columns;
        _table = table;
        _capacity = (int)NativeMethods.duckdb_vector_size();
        LoadColumns();
    }

    /// <summary>Rows ended so far.</summary>
    public long Rows { get; private set; }

    /// <summary>How many rows can be written column by column before they must be ended; at least 1.</summary>
    public int Room => _capacity - _ended;

    public DuckDbAppender AppendNull()
    {
        Next().Null(_row);
        return Done();
    }

    public DuckDbAppender Append(bool value)
    {
        Next().Boolean(_row, value);
        return Done();
    }

    public DuckDbAppender Append(int value) => Append((long)value);

    public DuckDbAppender Append(long value)
    {
        Next().Integer(_row, value);
        return Done();
    }

    public DuckDbAppender Append(ulong value)
    {
        Next().Integer(_row, value);
        return Done();
    }

    public DuckDbAppender Append(float value) => Append((double)value);

    public DuckDbAppender Append(double value)
    {
        Next().Floating(_row, value);
        return Done();
    }

    public DuckDbAppender Append(decimal value)
    {
        Next().Decimal(_row, value);
        return Done();
    }

    public DuckDbAppender Append(string? value)
    {
        if (value is null)
            return AppendNull();
        Next().Text(_row, value);
        return Done();
    }

    /// <summary>A blob, or a text given as UTF-8.</summary>
    public DuckDbAppender Append(ReadOnlySpan<byte> value)
    {
        Next().Bytes(_row, value);
        return Done();
    }

    /// <summary>A text given as UTF-8 that is known to be valid.</summary>
    public DuckDbAppender AppendValidUtf8(ReadOnlySpan<byte> value)
    {
        Next().ValidText(_row, value);
        return Done();
    }

    /// <summary>A timestamp; local times become UTC.</summary>
    public DuckDbAppender Append(DateTime value)
    {
        Next().Timestamp(_row, value);
        return Done();
    }

    public DuckDbAppender Append(DateTimeOffset value) => Append(value.UtcDateTime);

    public DuckDbAppender Append(DateOnly value)
    {
        Next().Date(_row, value);
        return Done();
    }

    public DuckDbAppender Append(TimeOnly value)
    {
        Next().Time(_row, value);
        return Done();
    }

    public DuckDbAppender Append(DuckDbInterval value)
    {
        Next().Interval(_row, value);
        return Done();
    }

    public DuckDbAppender Append(Guid value)
    {
        Next().Uuid(_row, value);
        return Done();
    }

    /// <summary>The value, or NULL.</summary>
    public DuckDbAppender Append<T>(T? value)
        where T : struct => value is null ? AppendNull() : value.Value switch
        {
            bool flag => Append(flag),
            int number => Append(number),
            long number => Append(number),
            ulong number => Append(number),
            float number => Append(number),
            double number => Append(number),
            decimal number => Append(number),
            DateTime time => Append(time),
            DateTimeOffset time => Append(time),
            DateOnly date => Append(date),
            TimeOnly time => Append(time),
            DuckDbInterval interval => Append(interval),
            Guid id => Append(id),
            _ => throw new InvalidCastException($"values of {typeof(T).Name} cannot be appended to {_table}."),
        };

    /// <exception cref="InvalidOperationException">When the row has fewer values than the table has columns.</exception>
    public void EndRow()
    {
        ThrowIfUnusable();
        if (_column != _columns.Length)
            throw new InvalidOperationException($"The row has {_column} values; {_table} has {_columns.Length} columns.");
        EndRows(1);
    }

    /// <summary>Puts the next value into a column of one of the rows that are not ended yet.</summary>
    /// <param name="row">From 0 for the first of them; less than <see cref="Room"/>.</param>
    public DuckDbAppender Seek(int column, int row)
    {
        if ((uint)row >= (uint)Room)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"{Room} more rows can be written before they are ended.");
        _column = column;
        _row = _ended + row;
        return this;
    }

    /// <summary>The values of a BIGINT column in the rows that are not ended yet, to be written in place. Nulls are appended after <see cref="Seek"/>.</summary>
    public Span<long> BigInts(int column)
    {
        ThrowIfUnusable();
        return _columns[column].BigInts(_ended, Room);
    }

    /// <summary>Ends the first of the rows that are not ended yet. Every column of them was written; what was written into others stays until <see cref="DiscardRows"/>.</summary>
    public void EndRows(int count)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Room, nameof(count));
        _ended += count;
        Rows += count;
        if (_ended == _capacity)
            AppendChunk();
        else
            Reset();
    }

    /// <summary>Takes back what was written column by column into rows that are not ended.</summary>
    public void DiscardRows()
    {
        ThrowIfUnusable();
        foreach (var column in _columns)
            column.NotNull(_ended, _capacity);
        Reset();
    }

    /// <summary>Takes back the values of the row that was begun.</summary>
    public void DiscardRow()
    {
        ThrowIfUnusable();
        for (var column = 0; column < _column; column++)
            _columns[column].NotNull(_row, _row + 1);
        Reset();
    }

    /// <summary>Writes all rows ended so far to the table.</summary>
    /// <exception cref="DuckDbException">Kind Constraint and others, when the table refuses them; the appender is then of no more use.</exception>
    public void Flush()
    {
        ThrowIfUnusable();
        if (_column != 0)
            throw new InvalidOperationException($"The row has {_column} of {_columns.Length} values: end it before Flush.");
        _connection.BeginStatement();
        AppendChunk();
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
                AppendChunk();
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

    internal static unsafe DuckDbAppender Create(DuckDbConnection connection, string table, string? schema)
    {
        var state = NativeMethods.duckdb_appender_create(connection.Handle, schema, table, out var appender);
        if (state != 0)
        {
            using (appender)
                throw NativeError.FromAppender(appender, table);
        }
        appender.KeepOpen(connection.Handle);
        var types = new LogicalTypeHandle[(int)NativeMethods.duckdb_appender_column_count(appender)];
        try
        {
            for (var column = 0; column < types.Length; column++)
                types[column] = NativeMethods.duckdb_appender_column_type(appender, (ulong)column);
            var handles = types.Select(type => type.DangerousGetHandle()).ToArray();
            DataChunkHandle chunk;
            fixed (nint* start = handles)
                chunk = NativeMethods.duckdb_create_data_chunk(start, (ulong)handles.Length);
            var names = ColumnNames(connection, table, schema);
            var columns = types
                .Select((type, column) => new ColumnWriter(column < names.Count ? names[column] : $"#{column + 1}", ColumnType.From(type)))
                .ToArray();
            return new DuckDbAppender(connection, appender, chunk, columns, table);
        }
        finally
        {
            foreach (var type in types)
                type?.Dispose();
        }
    }

    private static List<string> ColumnNames(DuckDbConnection connection, string table, string? schema)
    {
        var name = schema is null ? DuckDbSql.Identifier(table) : $"{DuckDbSql.Identifier(schema)}.{DuckDbSql.Identifier(table)}";
        using var reader = connection.Query($"select * from {name} limit 0");
        return Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
    }

    private ColumnWriter Next()
    {
        ThrowIfUnusable();
        return _column < _columns.Length
            ? _columns[_column]
            : throw new InvalidOperationException($"The row has all {_columns.Length} values of {_table} already: call EndRow.");
    }

    private DuckDbAppender Done()
    {
        _column++;
        return this;
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _connection.ThrowIfDisposed();
        if (_failed)
            throw new InvalidOperationException($"An earlier append to {_table} failed; this appender is of no more use.");
    }

    private void AppendChunk()
    {
        if (_ended == 0)
            return;
        NativeMethods.duckdb_data_chunk_set_size(_chunk, (ulong)_ended);
        Check(NativeMethods.duckdb_append_data_chunk(_appender, _chunk));
        NativeMethods.duckdb_data_chunk_reset(_chunk);
        LoadColumns();
        _ended = 0;
        Reset();
    }

    private void Reset()
    {
        _row = _ended;
        _column = 0;
    }

    private void LoadColumns()
    {
        for (var column = 0; column < _columns.Length; column++)
            _columns[column].Load(NativeMethods.duckdb_data_chunk_get_vector(_chunk, (ulong)column));
    }

    private void Check(int state)
    {
        if (state == 0)
            return;
        _failed = true;
        throw NativeError.FromAppender(_appender, _table);
    }
}
