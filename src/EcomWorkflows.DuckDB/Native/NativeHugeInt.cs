using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>duckdb_hugeint and duckdb_uhugeint: 128 bits, low half first.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeHugeInt
{
    public ulong Lower;
    public ulong Upper;

    public static NativeHugeInt From(Int128 value) => new() { Lower = (ulong)value, Upper = (ulong)(value >> 64) };

    public readonly Int128 ToInt128() => new(Upper, Lower);

    public readonly UInt128 ToUInt128() => new(Upper, Lower);
}
