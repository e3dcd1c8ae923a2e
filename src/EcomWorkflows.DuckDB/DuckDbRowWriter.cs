using EcomWorkflows.DuckDB.Native;
using EcomWorkflows.DuckDB.Vectors;

namespace EcomWorkflows.DuckDB;

/// <summary>
/// Writes rows into chunks that are delivered when they are full: row by row in the order of the columns, or column by column for up to <see cref="Room"/> rows between
/// <see cref="Seek"/> and <see cref="EndRows"/>.
/// </summary>
public abstract class DuckDbRowWriter
{
    private readonly DuckDbConnection _connection;
    private readonly ColumnWriter[] _columns;
    private readonly string _target;
    private readonly int _capacity;
    private DataChunkHandle _chunk;

    // Rows of the chunk that were ended, and where the next value goes: the row after them, unless Seek says another.
    private int _ended;
    private int _row;
    private int _column;

    /// <param name="chunk">The chunk to write into first; the derived class owns it.</param>
    /// <param name="target">What messages call the place the rows go to.</param>
    private protected DuckDbRowWriter(DuckDbConnection connection, RowLayout layout, DataChunkHandle chunk, string target)
    {
        _connection = connection;
        _columns = layout.CreateWriters();
        _target = target;
        _capacity = (int)NativeMethods.duckdb_vector_size();
        _chunk = chunk;
        LoadColumns();
    }

    /// <summary>Rows ended so far.</summary>
    public long Rows { get; private set; }

    /// <summary>How many rows can be written column by column before they must be ended; at least 1.</summary>
    public int Room => _capacity - _ended;

    public DuckDbRowWriter AppendNull()
    {
        Next().Null(_row);
        return Done();
    }

    public DuckDbRowWriter Append(bool value)
    {
        Next().Boolean(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(int value) => Append((long)value);

    public DuckDbRowWriter Append(long value)
    {
        Next().Integer(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(ulong value)
    {
        Next().Integer(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(float value) => Append((double)value);

    public DuckDbRowWriter Append(double value)
    {
        Next().Floating(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(decimal value)
    {
        Next().Decimal(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(string? value)
    {
        if (value is null)
            return AppendNull();
        Next().Text(_row, value);
        return Done();
    }

    /// <summary>A blob, or a text given as UTF-8.</summary>
    public DuckDbRowWriter Append(ReadOnlySpan<byte> value)
    {
        Next().Bytes(_row, value);
        return Done();
    }

    /// <summary>A timestamp; local times become UTC.</summary>
    public DuckDbRowWriter Append(DateTime value)
    {
        Next().Timestamp(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(DateTimeOffset value) => Append(value.UtcDateTime);

    public DuckDbRowWriter Append(DateOnly value)
    {
        Next().Date(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(TimeOnly value)
    {
        Next().Time(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(DuckDbInterval value)
    {
        Next().Interval(_row, value);
        return Done();
    }

    public DuckDbRowWriter Append(Guid value)
    {
        Next().Uuid(_row, value);
        return Done();
    }

    /// <summary>The value, or NULL.</summary>
    public DuckDbRowWriter Append<T>(T? value)
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
            _ => throw new InvalidCastException($"values of {typeof(T).Name} cannot be appended to {_target}."),
        };

    /// <exception cref="InvalidOperationException">When the row has fewer values than the table has columns.</exception>
    public void EndRow()
    {
        ThrowIfUnusable();
        if (_column != _columns.Length)
            throw new InvalidOperationException($"The row has {_column} values; {_target} has {_columns.Length} columns.");
        EndRows(1);
    }

    /// <summary>Puts the next value into a column of one of the rows that are not ended yet.</summary>
    /// <param name="row">From 0 for the first of them; less than <see cref="Room"/>.</param>
    public DuckDbRowWriter Seek(int column, int row)
    {
        if ((uint)row >= (uint)Room)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"{Room} more rows can be written before they are ended.");
        _column = column;
        _row = _ended + row;
        return this;
    }

    /// <summary>A column of the rows that are not ended yet: to write many values of it without asking for each whether it can be written.</summary>
    public DuckDbColumnSlots Column(int column)
    {
        ThrowIfUnusable();
        return new DuckDbColumnSlots(_columns[column], _ended, Room);
    }

    /// <summary>Copies values of a reader's current chunk into a column of the same type, from the first of the rows that are not ended yet on.</summary>
    /// <param name="from">Their first row in the chunk.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many rows in the chunk, or not so much <see cref="Room"/>.</exception>
    /// <exception cref="InvalidCastException">The columns are of different types, or of lists, structs or maps.</exception>
    public void CopyFrom(DuckDbReader source, int sourceColumn, int from, int rows, int column)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)rows, (uint)Room, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)from + (ulong)rows, (ulong)source.ChunkRows, nameof(from));
        _columns[column].Copy(source.Chunk(sourceColumn), from, _ended, rows);
    }

    /// <summary>Ends the first of the rows that are not ended yet. Every column of them was written; what was written into others stays until <see cref="DiscardRows"/>.</summary>
    public void EndRows(int count)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Room, nameof(count));
        _ended += count;
        Rows += count;
        if (_ended == _capacity)
            DeliverRows();
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

    private protected bool HasBegunRow => _column != 0;

    /// <summary>Takes a chunk of rows, and returns the one to write into next.</summary>
    private protected abstract DataChunkHandle Deliver(DataChunkHandle chunk);

    /// <exception cref="InvalidOperationException">Nothing can be written any more; the message says why.</exception>
    private protected virtual void ThrowIfUnusable() => _connection.ThrowIfDisposed();

    private protected void CountRows(int count) => Rows += count;

    /// <summary>Bytes of so many rows, with the long texts that were written since the chunk was begun.</summary>
    private protected long BytesOf(int rows) => _columns.Sum(column => column.Bytes(rows));

    /// <summary>Delivers the rows that were ended.</summary>
    private protected void DeliverRows()
    {
        if (_ended == 0)
            return;
        NativeMethods.duckdb_data_chunk_set_size(_chunk, (ulong)_ended);
        _chunk = Deliver(_chunk);
        LoadColumns();
        _ended = 0;
        Reset();
    }

    private ColumnWriter Next()
    {
        ThrowIfUnusable();
        return _column < _columns.Length
            ? _columns[_column]
            : throw new InvalidOperationException($"The row has all {_columns.Length} values of {_target} already: call EndRow.");
    }

    private DuckDbRowWriter Done()
    {
        _column++;
        return this;
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
}
