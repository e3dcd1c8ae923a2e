using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB.Vectors;

/// <summary>Reading a value as the type its caller asks for, or as its own.</summary>
internal sealed unsafe partial class ColumnVector
{
    /// <summary>The value as <typeparamref name="T"/>; null only where <typeparamref name="T"/> can be null.</summary>
    public T Get<T>(int row)
    {
        if (IsNull(row))
        {
            return default(T) is null
                ? default!
                : throw new InvalidCastException($"column '{Name}' is null; read it as {typeof(T).Name}? or ask IsNull first.");
        }
        // The comparisons of types are decided when this is compiled for T, so each instance is one straight path.
        if (typeof(T) == typeof(long) || typeof(T) == typeof(long?))
            return As<T, long>(Int64(row));
        if (typeof(T) == typeof(int) || typeof(T) == typeof(int?))
            return As<T, int>(checked((int)Int64(row)));
        if (typeof(T) == typeof(double) || typeof(T) == typeof(double?))
            return As<T, double>(Double(row));
        if (typeof(T) == typeof(float) || typeof(T) == typeof(float?))
            return As<T, float>((float)Double(row));
        if (typeof(T) == typeof(string))
            return (T)(object)Text(row);
        if (typeof(T) == typeof(bool) || typeof(T) == typeof(bool?))
            return As<T, bool>(Boolean(row));
        if (typeof(T) == typeof(decimal) || typeof(T) == typeof(decimal?))
            return As<T, decimal>(Decimal(row));
        if (typeof(T) == typeof(DateTime) || typeof(T) == typeof(DateTime?))
            return As<T, DateTime>(Timestamp(row));
        if (typeof(T) == typeof(DateOnly) || typeof(T) == typeof(DateOnly?))
            return As<T, DateOnly>(Date(row));
        return GetRare<T>(row);
    }

    private T GetRare<T>(int row)
    {
        var wanted = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        object value = wanted switch
        {
            _ when wanted == typeof(short) => checked((short)Int64(row)),
            _ when wanted == typeof(sbyte) => checked((sbyte)Int64(row)),
            _ when wanted == typeof(byte) => checked((byte)Int64(row)),
            _ when wanted == typeof(ushort) => checked((ushort)Int64(row)),
            _ when wanted == typeof(uint) => checked((uint)Int64(row)),
            _ when wanted == typeof(ulong) => UInt64(row),
            _ when wanted == typeof(Int128) => Int128(row),
            _ when wanted == typeof(BigInteger) => Type.Type == DuckDbType.UHugeInt ? (BigInteger)Huge(row).ToUInt128() : Int128(row),
            _ when wanted == typeof(DateTimeOffset) => new DateTimeOffset(Timestamp(row), TimeSpan.Zero),
            _ when wanted == typeof(TimeOnly) => Time(row),
            _ when wanted == typeof(TimeSpan) => Type.Type == DuckDbType.Time ? Time(row).ToTimeSpan() : Interval(row).ToTimeSpan(),
            _ when wanted == typeof(DuckDbInterval) => Interval(row),
            _ when wanted == typeof(Guid) => Uuid(row),
            _ => GetValue(row)!,
        };
        return value is T result ? result : throw Unreadable(typeof(T).Name);
    }

    /// <summary>The value as the .NET type nearest to its own; null for NULL.</summary>
    public object? GetValue(int row) => IsNull(row) ? null : Type.Type switch
    {
        DuckDbType.SqlNull => null,
        DuckDbType.Boolean => Boolean(row),
        DuckDbType.TinyInt => (sbyte)StoredInt64(row),
        DuckDbType.SmallInt => (short)StoredInt64(row),
        DuckDbType.Integer => (int)StoredInt64(row),
        DuckDbType.BigInt => StoredInt64(row),
        DuckDbType.UTinyInt => (byte)StoredInt64(row),
        DuckDbType.USmallInt => (ushort)StoredInt64(row),
        DuckDbType.UInteger => (uint)StoredInt64(row),
        DuckDbType.UBigInt => UInt64(row),
        DuckDbType.HugeInt => (BigInteger)Huge(row).ToInt128(),
        DuckDbType.UHugeInt => (BigInteger)Huge(row).ToUInt128(),
        DuckDbType.Float => ((float*)_data)[row],
        DuckDbType.Double => ((double*)_data)[row],
        DuckDbType.Decimal => Decimal(row),
        DuckDbType.Varchar or DuckDbType.Enum => Text(row),
        DuckDbType.Blob => Bytes(row).ToArray(),
        DuckDbType.Date => Date(row),
        DuckDbType.Time or DuckDbType.TimeTz or DuckDbType.TimeNanoseconds => Time(row),
        DuckDbType.Timestamp or DuckDbType.TimestampSeconds or DuckDbType.TimestampMilliseconds or DuckDbType.TimestampNanoseconds
            or DuckDbType.TimestampTz or DuckDbType.TimestampTzNanoseconds => Timestamp(row),
        DuckDbType.Interval => Interval(row),
        DuckDbType.Uuid => Uuid(row),
        DuckDbType.List => Elements(((NativeListEntry*)_data)[row]),
        DuckDbType.Array => Elements(new NativeListEntry { Offset = (ulong)row * (ulong)Type.ArraySize, Length = (ulong)Type.ArraySize }),
        DuckDbType.Map => Entries(((NativeListEntry*)_data)[row]),
        DuckDbType.Struct => Members(row),
        _ => throw Unreadable("a .NET value"),
    };

    private bool Boolean(int row) => Type.Type == DuckDbType.Boolean ? _data[row] != 0 : throw Unreadable("bool");

    private string Text(int row) => Type.Type switch
    {
        DuckDbType.Varchar => Encoding.UTF8.GetString(Bytes(row)),
        DuckDbType.Enum => Type.EnumValues[(int)StoredInt64(row)],
        _ => throw Unreadable("string"),
    };

    private object?[] Elements(NativeListEntry entry)
    {
        var values = new object?[entry.Length];
        for (var index = 0; index < values.Length; index++)
            values[index] = _children[0].GetValue((int)entry.Offset + index);
        return values;
    }

    private KeyValuePair<object, object?>[] Entries(NativeListEntry entry)
    {
        var values = new KeyValuePair<object, object?>[entry.Length];
        for (var index = 0; index < values.Length; index++)
            values[index] = new(_children[0].GetValue((int)entry.Offset + index)!, _children[1].GetValue((int)entry.Offset + index));
        return values;
    }

    private Dictionary<string, object?> Members(int row)
    {
        var values = new Dictionary<string, object?>(_children.Length, StringComparer.Ordinal);
        for (var index = 0; index < _children.Length; index++)
            values[Type.Names[index]] = _children[index].GetValue(row);
        return values;
    }

    private static T As<T, TValue>(TValue value)
        where TValue : struct
    {
        if (typeof(T) == typeof(TValue))
            return Unsafe.As<TValue, T>(ref value);
        TValue? nullable = value;
        return Unsafe.As<TValue?, T>(ref nullable);
    }
}
