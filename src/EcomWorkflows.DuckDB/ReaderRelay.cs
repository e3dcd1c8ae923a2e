using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>The rows of a reader as a table function of another connection: its statement computes them as it needs them, on its own thread.</summary>
internal sealed unsafe class ReaderRelay : IDisposable
{
    private readonly DuckDbReader _rows;
    private readonly Action<DuckDbReader> _seen;
    private ExceptionDispatchInfo? _failure;
    private bool _closed;

    private ReaderRelay(DuckDbReader rows, Action<DuckDbReader> seen)
    {
        _rows = rows;
        _seen = seen;
    }

    public static ReaderRelay Create(DuckDbConnection connection, string name, DuckDbReader rows, Action<DuckDbReader> seen)
    {
        var relay = new ReaderRelay(rows, seen);
        using var function = NativeMethods.duckdb_create_table_function();
        NativeMethods.duckdb_table_function_set_name(function, name);
        NativeMethods.duckdb_table_function_set_extra_info(function, GCHandle.ToIntPtr(GCHandle.Alloc(relay)), &Release);
        NativeMethods.duckdb_table_function_set_bind(function, &Bind);
        NativeMethods.duckdb_table_function_set_init(function, &Init);
        NativeMethods.duckdb_table_function_set_function(function, &Read);
        return NativeMethods.duckdb_register_table_function(connection.Handle, function) == 0
            ? relay
            : throw new DuckDbException(DuckDbErrorKind.Catalog, $"DuckDB does not accept {name} as the name of a reader's rows: there is a function of this name.");
    }

    /// <summary>Throws what the reader, or who sees its chunks, has thrown.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    /// <summary>The table function stays known to DuckDB; it has no rows any more.</summary>
    public void Dispose() => _closed = true;

    private void Next(nint info, nint output)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_rows.NextChunk())
            {
                NativeMethods.duckdb_borrowed_chunk_set_size(output, 0);
                return;
            }
            _seen(_rows);
            for (var column = 0; column < _rows.FieldCount; column++)
                _rows.Lend(column, NativeMethods.duckdb_borrowed_chunk_get_vector(output, (ulong)column));
            NativeMethods.duckdb_borrowed_chunk_set_size(output, (ulong)_rows.ChunkRows);
        }
        catch (Exception failure)
        {
            // An exception must not cross into native code.
            _failure = ExceptionDispatchInfo.Capture(failure);
            NativeMethods.duckdb_function_set_error(info, failure.Message);
        }
    }

    private static ReaderRelay Of(nint info) => (ReaderRelay)GCHandle.FromIntPtr(info).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        var relay = Of(NativeMethods.duckdb_bind_get_extra_info(info));
        if (relay._closed)
        {
            NativeMethods.duckdb_bind_set_error(info, "the reader is closed");
            return;
        }
        foreach (var (name, type) in relay._rows.Types())
            NativeMethods.duckdb_bind_add_result_column(info, name, type);
    }

    // One thread reads, so the order is the reader's.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info) => NativeMethods.duckdb_init_set_max_threads(info, 1);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Read(nint info, nint output) => Of(NativeMethods.duckdb_function_get_extra_info(info)).Next(info, output);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint info) => GCHandle.FromIntPtr(info).Free();
}
