using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Owns a duckdb_database.</summary>
internal sealed class DatabaseHandle() : SafeHandle(0, ownsHandle: true)
{
    private int _connections;

    public override bool IsInvalid => handle == 0;

    public void Join() => Interlocked.Increment(ref _connections);

    /// <summary>The last connection to leave closes the database.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _connections) == 0)
            Dispose();
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_close(ref handle);
        return true;
    }
}
