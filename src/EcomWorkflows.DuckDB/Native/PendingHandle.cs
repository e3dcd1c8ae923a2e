using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Owns a duckdb_pending_result.</summary>
internal sealed class PendingHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_pending(ref handle);
        return true;
    }
}
