using System.Buffers.Binary;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Bytes of PostgreSQL's binary COPY format, collected until they are sent.</summary>
internal sealed class CopyBuffer(int capacity)
{
    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[] bytes = new byte[capacity + (capacity / 4)];

    /// <summary>Timestamps count microseconds from here.</summary>
    public static DateTimeOffset Epoch { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Header() => Signature.CopyTo(Reserve(Signature.Length));

    public void Trailer() => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), -1);

    /// <summary>Starts a row.</summary>
    public void Row(short fields) => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), fields);

    public void Null() => Raw(-1);

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Raw(utf8.Length);
        utf8.CopyTo(Reserve(utf8.Length));
    }

    public void Int64(long value)
    {
        var target = Reserve(sizeof(int) + sizeof(long));
        BinaryPrimitives.WriteInt32BigEndian(target, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(target[sizeof(int)..], value);
    }

    public void Double(double value)
    {
        var target = Reserve(sizeof(int) + sizeof(double));
        BinaryPrimitives.WriteInt32BigEndian(target, sizeof(double));
        BinaryPrimitives.WriteDoubleBigEndian(target[sizeof(int)..], value);
    }

    /// <summary>Four bytes without a length before them, for headers inside a field.</summary>
    public void Raw(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);

    /// <summary>Leaves room for the length of a field that is written piece by piece.</summary>
    /// <returns>Its place, for <see cref="End"/>.</returns>
    public int Begin()
    {
        Reserve(sizeof(int));
        return Length;
    }

    public void End(int start) => BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(start - sizeof(int)), Length - start);

    private Span<byte> Reserve(int size)
    {
        if (bytes.Length - Length < size)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
        Length += size;
        return bytes.AsSpan(Length - size, size);
    }
}
