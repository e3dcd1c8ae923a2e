using System.Text;
using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB.Vectors;

/// <summary>Writes values of one column into the chunk that an appender fills.</summary>
internal sealed unsafe class ColumnWriter(string name, ColumnType type)
{
    private const int InlineText = 12;
    private const int TextSlot = 16;
    private nint _vector;
    private byte* _data;
    private ulong* _validity;
    private long _textBytes;

    /// <summary>Bytes the values take, where so many rows of the vector are in use.</summary>
    public long Bytes(int rows) => _textBytes + ((long)rows * (type.ElementSize > 0 ? type.ElementSize : TextSlot));

    public void Load(nint vector)
    {
        _textBytes = 0;
        _vector = vector;
        _data = (byte*)NativeMethods.duckdb_vector_get_data(vector);
        // Fetched again at the first null: a chunk that was reset has none.
        _validity = null;
    }

    public void Null(int row)
    {
        if (_validity == null)
        {
            NativeMethods.duckdb_vector_ensure_validity_writable(_vector);
            _validity = (ulong*)NativeMethods.duckdb_vector_get_validity(_vector);
        }
        _validity[row >> 6] &= ~(1UL << (row & 63));
    }

    /// <summary>Takes the nulls of discarded rows back.</summary>
    /// <param name="end">The first row after them.</param>
    public void NotNull(int start, int end)
    {
        if (_validity == null)
            return;
        for (var row = start; row < end; row++)
            _validity[row >> 6] |= 1UL << (row & 63);
    }

    /// <summary>The memory of the values, to be written in place.</summary>
    public Span<long> BigInts(int row, int rows)
    {
        Require(DuckDbType.BigInt, "long");
        return new Span<long>((long*)_data + row, rows);
    }

    /// <summary>Likewise of a DOUBLE column.</summary>
    public Span<double> Doubles(int row, int rows)
    {
        Require(DuckDbType.Double, "double");
        return new Span<double>((double*)_data + row, rows);
    }

    public void Boolean(int row, bool value)
    {
        Require(DuckDbType.Boolean, "bool");
        _data[row] = value ? (byte)1 : (byte)0;
    }

    public void Integer(int row, long value)
    {
        if (type.Type == DuckDbType.BigInt)
            ((long*)_data)[row] = value;
        else if (type.Type == DuckDbType.Integer && value == (int)value)
            ((int*)_data)[row] = (int)value;
        else
            Integer(row, (Int128)value);
    }

    public void Integer(int row, Int128 value)
    {
        switch (type.Type)
        {
            case DuckDbType.Double:
                ((double*)_data)[row] = (double)value;
                break;
            case DuckDbType.Float:
                ((float*)_data)[row] = (float)value;
                break;
            case DuckDbType.Decimal:
                Decimal(row, (decimal)value);
                break;
            default:
                Store(row, value, value);
                break;
        }
    }

    public void Floating(int row, double value)
    {
        if (type.Type == DuckDbType.Double)
            ((double*)_data)[row] = value;
        else if (type.Type == DuckDbType.Float)
            ((float*)_data)[row] = (float)value;
        else
            throw Mismatch("a floating-point number");
    }

    public void Decimal(int row, decimal value)
    {
        if (type.Type is DuckDbType.Double or DuckDbType.Float)
        {
            Floating(row, (double)value);
            return;
        }
        Require(DuckDbType.Decimal, "decimal");
        var unscaled = NativeDecimal.Rescale(value, type.Scale)
            ?? throw new OverflowException($"column '{name}' is DECIMAL({type.Width},{type.Scale}); {value} has more digits after the point.");
        if (Int128.Abs(unscaled) >= NativeDecimal.PowerOfTen(type.Width))
            throw new OverflowException($"column '{name}' is DECIMAL({type.Width},{type.Scale}); {value} does not fit.");
        Store(row, unscaled, value);
    }

    public void Text(int row, string value)
    {
        if (type.Type == DuckDbType.Enum)
        {
            var code = EnumCode(value);
            if (code < 0)
                throw new InvalidCastException($"column '{name}' is an enum without the label '{value}'; its labels are {string.Join(", ", type.EnumValues)}.");
            Store(row, code, value);
            return;
        }
        Require(DuckDbType.Varchar, "string");
        var longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        var buffer = longest <= 512 ? stackalloc byte[longest] : new byte[longest];
        Put(row, buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
    }

    public void Bytes(int row, ReadOnlySpan<byte> value)
    {
        if (type.Type == DuckDbType.Varchar && !System.Text.Unicode.Utf8.IsValid(value))
            throw new InvalidCastException($"column '{name}' is VARCHAR; the bytes to append are not UTF-8.");
        if (type.Type is not (DuckDbType.Varchar or DuckDbType.Blob))
            throw Mismatch("bytes");
        Put(row, value);
    }

    public void ValidText(int row, ReadOnlySpan<byte> value)
    {
        Require(DuckDbType.Varchar, "text");
        Put(row, value);
    }

    /// <summary>Copies values, nulls among them, of a column of the same type.</summary>
    /// <param name="from">Their first row there; <paramref name="row"/> is the first here.</param>
    public void Copy(ColumnVector source, int from, int row, int rows)
    {
        var isText = type.Type is DuckDbType.Varchar or DuckDbType.Blob;
        if (source.Type.Type != type.Type || source.Type.Scale != type.Scale || source.Type.ElementSize != type.ElementSize || (type.ElementSize == 0 && !isText))
            throw Mismatch($"values of {source.Type.Type}");
        if (!isText)
            source.Values(from, rows).CopyTo(new Span<byte>(_data + ((long)row * type.ElementSize), rows * type.ElementSize));
        if (!isText && !source.Validity(from + rows).MayBeNull)
            return;
        for (var i = 0; i < rows; i++)
        {
            if (source.IsNull(from + i))
                Null(row + i);
            else if (isText)
                Put(row + i, source.Bytes(from + i));
        }
    }

    public void Timestamp(int row, DateTime value)
    {
        var micros = NativeTime.Micros(value);
        ((long*)_data)[row] = type.Type switch
        {
            DuckDbType.Timestamp or DuckDbType.TimestampTz => micros,
            DuckDbType.TimestampSeconds => (long)Math.Floor(micros / 1_000_000m),
            DuckDbType.TimestampMilliseconds => (long)Math.Floor(micros / 1_000m),
            DuckDbType.TimestampNanoseconds => checked(micros * 1_000),
            _ => throw Mismatch("DateTime"),
        };
    }

    public void Date(int row, DateOnly value)
    {
        Require(DuckDbType.Date, "DateOnly");
        ((int*)_data)[row] = NativeTime.Days(value);
    }

    public void Time(int row, TimeOnly value)
    {
        Require(DuckDbType.Time, "TimeOnly");
        ((long*)_data)[row] = value.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    public void Interval(int row, DuckDbInterval value)
    {
        Require(DuckDbType.Interval, "an interval");
        ((NativeInterval*)_data)[row] = new NativeInterval { Months = value.Months, Days = value.Days, Micros = value.Microseconds };
    }

    public void Uuid(int row, Guid value)
    {
        Require(DuckDbType.Uuid, "Guid");
        ((NativeHugeInt*)_data)[row] = NativeValue.StoredUuid(value);
    }

    private void Put(int row, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > InlineText)
        {
            fixed (byte* start = bytes)
                NativeMethods.duckdb_vector_assign_string_element_len(_vector, (ulong)row, start, (ulong)bytes.Length);
            _textBytes += bytes.Length;
            return;
        }
        // duckdb_string_t in its short form: length, then the bytes, the rest zero.
        var slot = new Span<byte>(_data + ((long)row * TextSlot), TextSlot);
        slot.Clear();
        slot[0] = (byte)bytes.Length;
        bytes.CopyTo(slot[4..]);
    }

    private void Store(int row, Int128 value, object shown)
    {
        try
        {
            switch (type.Storage)
            {
                case DuckDbType.BigInt: ((long*)_data)[row] = checked((long)value); break;
                case DuckDbType.Integer: ((int*)_data)[row] = checked((int)value); break;
                case DuckDbType.SmallInt: ((short*)_data)[row] = checked((short)value); break;
                case DuckDbType.TinyInt: ((sbyte*)_data)[row] = checked((sbyte)value); break;
                case DuckDbType.UTinyInt: _data[row] = checked((byte)value); break;
                case DuckDbType.USmallInt: ((ushort*)_data)[row] = checked((ushort)value); break;
                case DuckDbType.UInteger: ((uint*)_data)[row] = checked((uint)value); break;
                case DuckDbType.UBigInt: ((ulong*)_data)[row] = checked((ulong)value); break;
                case DuckDbType.HugeInt: ((NativeHugeInt*)_data)[row] = NativeHugeInt.From(value); break;
                default: throw Mismatch("an integer");
            }
        }
        catch (OverflowException error)
        {
            throw new OverflowException($"column '{name}' is {type.Type}; {shown} does not fit.", error);
        }
    }

    private int EnumCode(string label)
    {
        for (var code = 0; code < type.EnumValues.Count; code++)
        {
            if (type.EnumValues[code] == label)
                return code;
        }
        return -1;
    }

    private void Require(DuckDbType wanted, string given)
    {
        if (type.Type != wanted)
            throw Mismatch(given);
    }

    private InvalidCastException Mismatch(string given) => new($"column '{name}' is {type.Type}; {given} cannot be appended to it.");
}
