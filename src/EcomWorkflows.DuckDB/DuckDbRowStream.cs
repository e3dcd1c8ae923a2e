using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>
/// Rows that one thread writes while one statement on another thread reads them, once and in their order, as <c>name()</c>: of any number of rows only a few megabytes
/// are in memory. Dispose it after the statement has ended.
/// </summary>
public sealed unsafe class DuckDbRowStream : DuckDbRowWriter, IDisposable
{
    private readonly ChunkQueue _chunks = new();
    private readonly RowLayout _layout;
    private readonly long? _expected;
    private readonly Action? _started;
    private DataChunkHandle? _open;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _broken;
    private bool _begun;

    private DuckDbRowStream(DuckDbConnection connection, RowLayout layout, DataChunkHandle chunk, string name, long? expected, Action? started)
        : base(connection, layout, chunk, name)
    {
        _layout = layout;
        _open = chunk;
        _expected = expected;
        _started = started;
    }

    /// <summary>Delivers the last rows; the statement ends when it has read them.</summary>
    public void Complete()
    {
        DeliverRows();
        Start();
        _chunks.Complete();
    }

    /// <summary>Delivers a reader's current chunk without copying it; the reader then stands before its next chunk.</summary>
    /// <param name="reader">Its first columns are those of this stream; it may have more.</param>
    public void Pass(DuckDbReader reader)
    {
        ThrowIfUnusable();
        DeliverRows();
        CountRows(reader.ChunkRows);
        Enqueue(reader.Take());
    }

    /// <summary>Makes the statement fail: what was written is not all there should be.</summary>
    public void Break()
    {
        _broken = true;
        _chunks.Complete();
    }

    /// <summary>Says that the statement has failed: who writes further gets its exception. For the thread that ran it.</summary>
    public void Abandon(Exception failure)
    {
        _failure = ExceptionDispatchInfo.Capture(failure);
        _chunks.Dispose();
    }

    public void Dispose()
    {
        Break();
        _chunks.Dispose();
        _open?.Dispose();
        _open = null;
        _layout.Dispose();
    }

    internal static DuckDbRowStream Create(DuckDbConnection connection, string name, string likeTable, long? expected, Action? started)
    {
        if (NativeMethods.duckdb_appender_create(connection.Handle, null, likeTable, out var appender) != 0)
        {
            using (appender)
                throw NativeError.FromAppender(appender, likeTable);
        }
        RowLayout layout;
        using (appender)
        {
            appender.KeepOpen(connection.Handle);
            layout = RowLayout.Of(connection, appender, likeTable, null);
        }
        var stream = new DuckDbRowStream(connection, layout, layout.CreateChunk(), name, expected, started);
        using var function = NativeMethods.duckdb_create_table_function();
        NativeMethods.duckdb_table_function_set_name(function, name);
        NativeMethods.duckdb_table_function_set_extra_info(function, GCHandle.ToIntPtr(GCHandle.Alloc(stream)), &Release);
        NativeMethods.duckdb_table_function_set_bind(function, &Bind);
        NativeMethods.duckdb_table_function_set_init(function, &Init);
        NativeMethods.duckdb_table_function_set_function(function, &Read);
        if (NativeMethods.duckdb_register_table_function(connection.Handle, function) == 0)
            return stream;
        stream.Dispose();
        throw new DuckDbException(DuckDbErrorKind.Catalog, $"DuckDB does not accept {name} as the name of a row stream: there is a function of this name.");
    }

    private protected override DataChunkHandle Deliver(DataChunkHandle chunk)
    {
        Enqueue(chunk);
        return _open = _layout.CreateChunk();
    }

    private void Enqueue(DataChunkHandle chunk)
    {
        Start();
        if (_chunks.TryAdd(chunk, BytesOf((int)NativeMethods.duckdb_data_chunk_get_size(chunk))))
            return;
        _failure?.Throw();
        throw new ObjectDisposedException(nameof(DuckDbRowStream));
    }

    private void Start()
    {
        if (_begun)
            return;
        _begun = true;
        _started?.Invoke();
    }

    /// <summary>Gives the statement the next rows, without copying them; none at the end.</summary>
    private void Next(nint info, nint output)
    {
        using var chunk = _chunks.Take();
        if (_broken)
        {
            NativeMethods.duckdb_function_set_error(info, "the rows were not written to their end");
            return;
        }
        if (chunk is null)
        {
            NativeMethods.duckdb_borrowed_chunk_set_size(output, 0);
            return;
        }
        for (var column = 0UL; column < (ulong)_layout.Count; column++)
            NativeMethods.duckdb_vector_reference_vector(NativeMethods.duckdb_borrowed_chunk_get_vector(output, column), NativeMethods.duckdb_data_chunk_get_vector(chunk, column));
        NativeMethods.duckdb_borrowed_chunk_set_size(output, NativeMethods.duckdb_data_chunk_get_size(chunk));
    }

    private static DuckDbRowStream Of(nint info) => (DuckDbRowStream)GCHandle.FromIntPtr(info).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        try
        {
            var stream = Of(NativeMethods.duckdb_bind_get_extra_info(info));
            foreach (var (name, type) in stream._layout.Columns)
                NativeMethods.duckdb_bind_add_result_column(info, name, type);
            if (stream._expected is { } rows)
                NativeMethods.duckdb_bind_set_cardinality(info, (ulong)rows, isExact: 0);
        }
        catch (ObjectDisposedException)
        {
            NativeMethods.duckdb_bind_set_error(info, "the row stream is closed");
        }
    }

    // One thread reads, so the order is that of the chunks.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info) => NativeMethods.duckdb_init_set_max_threads(info, 1);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Read(nint info, nint output)
    {
        try
        {
            Of(NativeMethods.duckdb_function_get_extra_info(info)).Next(info, output);
        }
        catch (ObjectDisposedException)
        {
            // An exception must not cross into native code.
            NativeMethods.duckdb_function_set_error(info, "the row stream is closed");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint info) => GCHandle.FromIntPtr(info).Free();
}
