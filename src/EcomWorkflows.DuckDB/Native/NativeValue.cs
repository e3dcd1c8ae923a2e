using System.Buffers.Binary;
using System.Collections;
using System.Numerics;
using System.Text;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Makes duckdb_values of .NET values.</summary>
internal static unsafe class NativeValue
{
    /// <exception cref="DuckDbException">Kind InvalidType, when DuckDB has no type for the value.</exception>
    public static ValueHandle Create(object? value, string name, string sql)
    {
        var native = Make(value, name, sql);
        // Binding a null pointer would crash the process.
        return native.IsInvalid
            ? throw new DuckDbException(DuckDbErrorKind.InvalidType, $"DuckDB could not make a value of the parameter {name} ({value?.GetType()}).", sql)
            : native;
    }

    private static ValueHandle Make(object? value, string name, string sql) => value switch
    {
        null or DBNull => NativeMethods.duckdb_create_null_value(),
        bool flag => NativeMethods.duckdb_create_bool(flag),
        int number => NativeMethods.duckdb_create_int32(number),
        long number => NativeMethods.duckdb_create_int64(number),
        short or sbyte or byte or ushort => NativeMethods.duckdb_create_int32(Convert.ToInt32(value)),
        uint number => NativeMethods.duckdb_create_int64(number),
        ulong number => NativeMethods.duckdb_create_uint64(number),
        Int128 number => NativeMethods.duckdb_create_hugeint(NativeHugeInt.From(number)),
        BigInteger number => NativeMethods.duckdb_create_hugeint(NativeHugeInt.From((Int128)number)),
        float number => NativeMethods.duckdb_create_float(number),
        double number => NativeMethods.duckdb_create_double(number),
        decimal number => NativeMethods.duckdb_create_decimal(NativeDecimal.From(number)),
        string text => TextOf(text),
        Enum label => TextOf(label.ToString()),
        byte[] data => BlobOf(data),
        ReadOnlyMemory<byte> data => BlobOf(data.Span),
        DateOnly date => NativeMethods.duckdb_create_date(NativeTime.Days(date)),
        TimeOnly time => NativeMethods.duckdb_create_time(time.Ticks / TimeSpan.TicksPerMicrosecond),
        DateTime time => NativeMethods.duckdb_create_timestamp(NativeTime.Micros(time)),
        DateTimeOffset time => NativeMethods.duckdb_create_timestamp_tz(NativeTime.Micros(time.UtcDateTime)),
        TimeSpan span => IntervalOf(DuckDbInterval.From(span)),
        DuckDbInterval interval => IntervalOf(interval),
        Guid id => NativeMethods.duckdb_create_uuid(UuidOf(id)),
        IEnumerable list => ListOf(list, name, sql),
        _ => throw new DuckDbException(
            DuckDbErrorKind.InvalidType,
            $"The parameter {name} is a {value.GetType()}; allowed are numbers, bool, string, enum, byte[], dates and times, Guid, and lists of them.",
            sql),
    };

    /// <summary>DuckDB's stored form: the bits of the text, top bit flipped.</summary>
    public static NativeHugeInt StoredUuid(Guid id)
    {
        var bits = UuidOf(id);
        return bits with { Upper = bits.Upper ^ (1UL << 63) };
    }

    private static NativeHugeInt UuidOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return new NativeHugeInt { Lower = (ulong)bits, Upper = (ulong)(bits >> 64) };
    }

    private static ValueHandle IntervalOf(DuckDbInterval interval) =>
        NativeMethods.duckdb_create_interval(new NativeInterval { Months = interval.Months, Days = interval.Days, Micros = interval.Microseconds });

    private static ValueHandle TextOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
            return NativeMethods.duckdb_create_varchar_length(start, (ulong)bytes.Length);
    }

    private static ValueHandle BlobOf(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
            return NativeMethods.duckdb_create_blob(start, (ulong)data.Length);
    }

    private static ValueHandle ListOf(IEnumerable list, string name, string sql)
    {
        var values = new List<ValueHandle>();
        try
        {
            object? sample = null;
            foreach (var element in list)
            {
                sample ??= element;
                values.Add(Create(element, name, sql));
            }
            using var type = NativeMethods.duckdb_create_logical_type(ElementType(sample, list));
            // One spare element: an empty array has no address, and DuckDB refuses a null one.
            var handles = new nint[values.Count + 1];
            for (var index = 0; index < values.Count; index++)
                handles[index] = values[index].DangerousGetHandle();
            fixed (nint* start = handles)
                return NativeMethods.duckdb_create_list_value(type, start, (ulong)values.Count);
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    private static DuckDbType ElementType(object? sample, IEnumerable list) => sample switch
    {
        bool => DuckDbType.Boolean,
        int or short or sbyte or byte or ushort => DuckDbType.Integer,
        long or uint => DuckDbType.BigInt,
        ulong => DuckDbType.UBigInt,
        float => DuckDbType.Float,
        double => DuckDbType.Double,
        DateOnly => DuckDbType.Date,
        DateTime => DuckDbType.Timestamp,
        DateTimeOffset => DuckDbType.TimestampTz,
        Guid => DuckDbType.Uuid,
        null when list is IEnumerable<long> => DuckDbType.BigInt,
        null when list is IEnumerable<int> => DuckDbType.Integer,
        null when list is IEnumerable<double> => DuckDbType.Double,
        _ => DuckDbType.Varchar,
    };
}
