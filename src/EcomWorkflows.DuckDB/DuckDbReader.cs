using EcomWorkflows.DuckDB.Native;
using EcomWorkflows.DuckDB.Vectors;

namespace EcomWorkflows.DuckDB;

/// <summary>
/// Rows of a query, computed and held chunk by chunk. One reader per connection at a time, used by one thread; spans are valid until the
/// next <see cref="Read"/>, <see cref="NextChunk"/> or <see cref="Dispose"/>.
/// </summary>
public sealed class DuckDbReader : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly ResultHandle _result;
    private readonly InterruptScope _interrupt;
    private readonly string _sql;
    private readonly ColumnVector[] _columns;
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.OrdinalIgnoreCase);
    private DataChunkHandle? _chunk;
    private int _row = -1;
    private bool _finished;
    private bool _disposed;

    internal DuckDbReader(DuckDbConnection connection, ResultHandle result, InterruptScope interrupt, string sql)
    {
        _connection = connection;
        _result = result;
        _interrupt = interrupt;
        _sql = sql;
        _columns = new ColumnVector[(int)NativeMethods.duckdb_column_count(result)];
        for (var ordinal = 0; ordinal < _columns.Length; ordinal++)
        {
            using var type = NativeMethods.duckdb_column_logical_type(result, (ulong)ordinal);
            var name = NativeText.Borrowed(NativeMethods.duckdb_column_name(result, (ulong)ordinal));
            _columns[ordinal] = new ColumnVector(name, ColumnType.From(type));
            _ordinals.TryAdd(name, ordinal);
        }
    }

    public int FieldCount => _columns.Length;

    /// <summary>Rows of the current chunk; 0 before the first and after the last.</summary>
    public int ChunkRows { get; private set; }

    public string GetName(int ordinal) => _columns[ordinal].Name;

    public DuckDbType GetFieldType(int ordinal) => _columns[ordinal].Type.Type;

    /// <summary>The position of a column by its name, in any case.</summary>
    /// <exception cref="ArgumentException">When there is no such column; the message lists those there are.</exception>
    public int Ordinal(string name) => _ordinals.TryGetValue(name, out var ordinal)
        ? ordinal
        : throw new ArgumentException($"There is no column '{name}'; the columns are {string.Join(", ", _columns.Select(column => column.Name))}.", nameof(name));

    /// <summary>Goes to the next row, loading the next chunk where needed; false after the last row.</summary>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ++_row < ChunkRows || (NextChunk() && ++_row < ChunkRows);
    }

    /// <summary>Loads the next chunk, before its first row; false at the end. A chunk is never empty.</summary>
    /// <exception cref="OperationCanceledException">When the token given to the query fired.</exception>
    public bool NextChunk()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _connection.ThrowIfDisposed();
        Unload();
        while (!_finished)
        {
            _interrupt.ThrowIfCancelled();
            var chunk = _result.FetchChunk();
            if (chunk.IsInvalid)
            {
                chunk.Dispose();
                _finished = true;
                ThrowIfFailed();
                return false;
            }
            _chunk = chunk;
            ChunkRows = (int)NativeMethods.duckdb_data_chunk_get_size(chunk);
            if (ChunkRows == 0)
            {
                Unload();
                continue;
            }
            for (var ordinal = 0; ordinal < _columns.Length; ordinal++)
                _columns[ordinal].Load(NativeMethods.duckdb_data_chunk_get_vector(chunk, (ulong)ordinal));
            return true;
        }
        return false;
    }

    public bool IsNull(int ordinal) => Row(ordinal).IsNull(_row);

    /// <summary>The value of the current row.</summary>
    /// <exception cref="InvalidCastException">When it is null and <typeparamref name="T"/> cannot be, or of another kind.</exception>
    /// <exception cref="OverflowException">When it does not fit.</exception>
    public T Get<T>(int ordinal) => Row(ordinal).Get<T>(_row);

    public T Get<T>(string name) => Get<T>(Ordinal(name));

    /// <summary>The value as the .NET type nearest to its own: lists as object?[], structs as dictionaries, huge integers as BigInteger; null for NULL.</summary>
    public object? GetValue(int ordinal) => Row(ordinal).GetValue(_row);

    /// <summary>The UTF-8 bytes of a text, or the bytes of a blob, of the current row, without a copy; empty for NULL.</summary>
    public ReadOnlySpan<byte> GetBytes(int ordinal)
    {
        var column = Row(ordinal);
        return column.Texts(ChunkRows)[_row];
    }

    /// <summary>The texts, or blobs, of a column in the current chunk, without a copy.</summary>
    /// <exception cref="InvalidCastException">The column holds something else.</exception>
    public TextColumn Texts(int ordinal) => Chunk(ordinal).Texts(ChunkRows);

    /// <summary>The current chunk's values of a primitive column as they are stored (timestamps as microseconds, dates as days); null rows hold anything.</summary>
    /// <exception cref="InvalidCastException">When <typeparamref name="T"/> has another size than the stored values.</exception>
    public ReadOnlySpan<T> Column<T>(int ordinal)
        where T : unmanaged => Chunk(ordinal).Span<T>(ChunkRows);

    /// <summary>Which values of a column are not null in the current chunk.</summary>
    public DuckDbValidity Validity(int ordinal) => Chunk(ordinal).Validity(ChunkRows);

    /// <summary>Stops the query where it still runs, and lets the connection run the next one.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _interrupt.Dispose();
        Unload();
        _result.Dispose();
        _connection.Closed(this, isLeft: !_finished);
    }

    /// <summary>A column of the current chunk.</summary>
    internal ColumnVector Chunk(int ordinal)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _chunk is null ? throw new InvalidOperationException("There is no current chunk: call NextChunk or Read first.") : _columns[ordinal];
    }

    /// <summary>Gives the current chunk away; the reader then stands before the next one.</summary>
    internal DataChunkHandle Take()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var chunk = _chunk ?? throw new InvalidOperationException("There is no current chunk: call NextChunk first.");
        _chunk = null;
        Unload();
        return chunk;
    }

    private ColumnVector Row(int ordinal)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if ((uint)_row >= (uint)ChunkRows)
            throw new InvalidOperationException("There is no current row: call Read until it returns false.");
        return _columns[ordinal];
    }

    private void Unload()
    {
        _row = -1;
        ChunkRows = 0;
        foreach (var column in _columns)
            column.Unload();
        _chunk?.Dispose();
        _chunk = null;
    }

    private void ThrowIfFailed()
    {
        var message = NativeText.Borrowed(NativeMethods.duckdb_result_error(_result));
        if (message.Length > 0)
            throw NativeError.From(message, NativeMethods.duckdb_result_error_type(_result), _sql, _interrupt.Token);
    }
}
