using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>duckdb_interval.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeInterval
{
    public int Months;
    public int Days;
    public long Micros;
}
