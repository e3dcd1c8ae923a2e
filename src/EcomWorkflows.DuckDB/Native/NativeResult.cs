using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>duckdb_result: passed by value to the fetch functions, by address everywhere else.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    public ulong ColumnCount;
    public ulong RowCount;
    public ulong RowsChanged;
    public nint Columns;
    public nint ErrorMessage;
    public nint InternalData;
}
