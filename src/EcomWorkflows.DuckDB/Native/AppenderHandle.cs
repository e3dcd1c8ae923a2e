using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Owns a duckdb_appender and keeps its connection open; what was not flushed is dropped.</summary>
internal sealed class AppenderHandle() : SafeHandle(0, ownsHandle: true)
{
    private ConnectionHandle? _connection;

    public override bool IsInvalid => handle == 0;

    public void KeepOpen(ConnectionHandle connection)
    {
        var added = false;
        connection.DangerousAddRef(ref added);
        _connection = connection;
    }

    protected override bool ReleaseHandle()
    {
        // Destroying flushes; a failed or abandoned append must not write what its caller gave up.
        _ = NativeMethods.duckdb_appender_clear(handle);
        _ = NativeMethods.duckdb_appender_destroy(ref handle);
        _connection?.DangerousRelease();
        return true;
    }
}
