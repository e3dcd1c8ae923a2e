using System.Text;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>Bytes that grow and are used again.</summary>
public sealed class ByteBuffer
{
    private byte[] bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Write(ReadOnlySpan<byte> more)
    {
        Reserve(more.Length);
        more.CopyTo(bytes.AsSpan(Length));
        Length += more.Length;
    }

    public void Write(byte one)
    {
        Reserve(1);
        bytes[Length++] = one;
    }

    public void Write(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, bytes.AsSpan(Length));
    }

    /// <summary>Room for so many bytes, of which the caller says with <see cref="Advance"/> how many were used.</summary>
    public Span<byte> Room(int size)
    {
        Reserve(size);
        return bytes.AsSpan(Length);
    }

    public void Advance(int used) => Length += used;

    private void Reserve(int size)
    {
        if (bytes.Length - Length < size)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
    }
}
