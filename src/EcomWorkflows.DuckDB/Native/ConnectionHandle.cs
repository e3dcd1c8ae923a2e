using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Owns a duckdb_connection and keeps its database open until the connection is really gone.</summary>
internal sealed class ConnectionHandle() : SafeHandle(0, ownsHandle: true)
{
    private DatabaseHandle? _database;

    public override bool IsInvalid => handle == 0;

    public void KeepOpen(DatabaseHandle database)
    {
        var added = false;
        database.DangerousAddRef(ref added);
        _database = database;
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_disconnect(ref handle);
        _database?.DangerousRelease();
        return true;
    }
}
