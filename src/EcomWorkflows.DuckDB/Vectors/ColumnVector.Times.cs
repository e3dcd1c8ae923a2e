using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB.Vectors;

/// <summary>Reading dates, times and identifiers.</summary>
internal sealed unsafe partial class ColumnVector
{
    private DateTime Timestamp(int row)
    {
        if (Type.Type == DuckDbType.Date)
            return Date(row).ToDateTime(default, DateTimeKind.Utc);
        var stored = ((long*)_data)[row];
        var ticks = Type.Type switch
        {
            DuckDbType.TimestampSeconds => (Int128)stored * TimeSpan.TicksPerSecond,
            DuckDbType.TimestampMilliseconds => (Int128)stored * TimeSpan.TicksPerMillisecond,
            DuckDbType.Timestamp or DuckDbType.TimestampTz => (Int128)stored * TimeSpan.TicksPerMicrosecond,
            DuckDbType.TimestampNanoseconds or DuckDbType.TimestampTzNanoseconds => stored / TimeSpan.NanosecondsPerTick,
            _ => throw Unreadable(nameof(DateTime)),
        } + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime((long)ticks, DateTimeKind.Utc)
            : throw new OverflowException($"column '{Name}' holds a {Type.Type} outside the years 1 to 9999 (or infinity).");
    }

    private DateOnly Date(int row)
    {
        if (Type.Type != DuckDbType.Date)
            return DateOnly.FromDateTime(Timestamp(row));
        var number = (long)((int*)_data)[row] + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : throw new OverflowException($"column '{Name}' holds a Date outside the years 1 to 9999 (or infinity).");
    }

    private TimeOnly Time(int row) => Type.Type switch
    {
        DuckDbType.Time => new TimeOnly(((long*)_data)[row] * TimeSpan.TicksPerMicrosecond),
        DuckDbType.TimeNanoseconds => new TimeOnly(((long*)_data)[row] / TimeSpan.NanosecondsPerTick),
        // The upper 40 bits are the local time of day in microseconds, the lower 24 the offset.
        DuckDbType.TimeTz => new TimeOnly((long)(((ulong*)_data)[row] >> 24) * TimeSpan.TicksPerMicrosecond),
        _ => throw Unreadable(nameof(TimeOnly)),
    };

    private DuckDbInterval Interval(int row)
    {
        if (Type.Type != DuckDbType.Interval)
            throw Unreadable(nameof(DuckDbInterval));
        var stored = ((NativeInterval*)_data)[row];
        return new DuckDbInterval(stored.Months, stored.Days, stored.Micros);
    }

    private Guid Uuid(int row)
    {
        if (Type.Type != DuckDbType.Uuid)
            throw Unreadable(nameof(Guid));
        // The top bit is stored flipped, so that signed order is the order of the text.
        var bits = Huge(row).ToUInt128() ^ (UInt128.One << 127);
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new Guid(bytes, bigEndian: true);
    }
}
