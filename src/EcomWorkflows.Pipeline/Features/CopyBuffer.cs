using System.Buffers.Binary;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Bytes of PostgreSQL's binary COPY format, collected until they are sent.</summary>
internal sealed class CopyBuffer(int capacity)
{
    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private byte[] bytes = new byte[capacity + (capacity / 4)];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    /// <summary>A time as PostgreSQL counts it, for <see cref="Int64"/>: microseconds since 2000.</summary>
    public static long Timestamp(DateTimeOffset time) => (time - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public void Clear() => Length = 0;

    public void Header() => Signature.CopyTo(Reserve(Signature.Length));

    public void Trailer() => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), -1);

    /// <summary>Starts a row.</summary>
    public void Row(short fields) => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), fields);

    public void Text(ReadOnlySpan<byte> utf8) => utf8.CopyTo(Field(utf8.Length));

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(sizeof(long)), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Field(sizeof(int)), value);

    public void Single(float value) => BinaryPrimitives.WriteSingleBigEndian(Field(sizeof(float)), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleBigEndian(Field(sizeof(double)), value);

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), -1);

    /// <summary>A field of so many bytes, for the caller to fill before anything else is written.</summary>
    public Span<byte> Field(int size)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), size);
        return Reserve(size);
    }

    private Span<byte> Reserve(int size)
    {
        if (bytes.Length - Length < size)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
        Length += size;
        return bytes.AsSpan(Length - size, size);
    }
}
