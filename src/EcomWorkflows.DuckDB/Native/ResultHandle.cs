using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Owns a duckdb_result and keeps its connection open until the result is gone: a streaming result computes on it.</summary>
internal sealed unsafe class ResultHandle : SafeHandle
{
    private readonly ConnectionHandle _connection;

    public ResultHandle(ConnectionHandle connection)
        : base(0, ownsHandle: true)
    {
        var added = false;
        connection.DangerousAddRef(ref added);
        _connection = connection;
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(NativeResult)));
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The next chunk, or an invalid handle at the end and after an error.</summary>
    public DataChunkHandle FetchChunk()
    {
        var added = false;
        try
        {
            DangerousAddRef(ref added);
            return NativeMethods.duckdb_fetch_chunk(*(NativeResult*)handle);
        }
        finally
        {
            if (added)
                DangerousRelease();
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_result((NativeResult*)handle);
        NativeMemory.Free((void*)handle);
        _connection.DangerousRelease();
        return true;
    }
}
