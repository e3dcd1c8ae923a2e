using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB.Vectors;

/// <summary>Reading numbers.</summary>
internal sealed unsafe partial class ColumnVector
{
    private const int LongestDecimal = 28;

    private long Int64(int row) => Type.Type == DuckDbType.Decimal ? checked((long)Decimal(row)) : StoredInt64(row);

    private ulong UInt64(int row) => Type.Type switch
    {
        DuckDbType.UBigInt => ((ulong*)_data)[row],
        DuckDbType.HugeInt or DuckDbType.UHugeInt => checked((ulong)Int128(row)),
        _ => checked((ulong)Int64(row)),
    };

    private Int128 Int128(int row) => Type.Storage switch
    {
        DuckDbType.HugeInt => Huge(row).ToInt128(),
        DuckDbType.UHugeInt => checked((Int128)Huge(row).ToUInt128()),
        DuckDbType.UBigInt => ((ulong*)_data)[row],
        _ => StoredInt64(row),
    };

    private double Double(int row) => Type.Type switch
    {
        DuckDbType.Double => ((double*)_data)[row],
        DuckDbType.Float => ((float*)_data)[row],
        DuckDbType.Decimal => (double)Decimal(row),
        DuckDbType.UBigInt => ((ulong*)_data)[row],
        DuckDbType.HugeInt => (double)Huge(row).ToInt128(),
        DuckDbType.UHugeInt => (double)Huge(row).ToUInt128(),
        _ => StoredInt64(row),
    };

    private decimal Decimal(int row) => Type.Type switch
    {
        DuckDbType.Decimal => Scaled(Int128(row)),
        DuckDbType.Double => checked((decimal)((double*)_data)[row]),
        DuckDbType.Float => checked((decimal)((float*)_data)[row]),
        DuckDbType.UBigInt => ((ulong*)_data)[row],
        DuckDbType.HugeInt => checked((decimal)Huge(row).ToInt128()),
        DuckDbType.UHugeInt => checked((decimal)Huge(row).ToUInt128()),
        _ => StoredInt64(row),
    };

    private decimal Scaled(Int128 unscaled)
    {
        var magnitude = System.Int128.Abs(unscaled);
        if (Type.Scale > LongestDecimal || magnitude >> 96 != 0)
            throw new OverflowException($"column '{Name}' is DECIMAL({Type.Width},{Type.Scale}) and holds a value beyond System.Decimal's 28 digits; read it as double or cast it in the SQL.");
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), unscaled < 0, (byte)Type.Scale);
    }

    private long StoredInt64(int row) => Type.Storage switch
    {
        DuckDbType.BigInt => ((long*)_data)[row],
        DuckDbType.Integer => ((int*)_data)[row],
        DuckDbType.SmallInt => ((short*)_data)[row],
        DuckDbType.TinyInt => ((sbyte*)_data)[row],
        DuckDbType.UTinyInt => _data[row],
        DuckDbType.USmallInt => ((ushort*)_data)[row],
        DuckDbType.UInteger => ((uint*)_data)[row],
        DuckDbType.UBigInt => checked((long)((ulong*)_data)[row]),
        DuckDbType.HugeInt => checked((long)Huge(row).ToInt128()),
        DuckDbType.UHugeInt => checked((long)Huge(row).ToUInt128()),
        _ => throw Unreadable("a number"),
    };

    private NativeHugeInt Huge(int row) => ((NativeHugeInt*)_data)[row];
}
