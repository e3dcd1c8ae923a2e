using System.Buffers.Binary;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The feature values of one entity as one field: eight bytes each, big-endian double (PostgreSQL's own float8send), NaN where a value is not known.</summary>
internal static class OnlineValues
{
    /// <summary>Bytes of so many values.</summary>
    public static int Size(int features) => features * sizeof(double);

    public static void Write(Span<byte> packed, int position, double? value) =>
        BinaryPrimitives.WriteDoubleBigEndian(packed[Size(position)..], value ?? double.NaN);

    /// <exception cref="InvalidDataException">There are fewer values than the view has features.</exception>
    public static double? Read(ReadOnlySpan<byte> packed, int position)
    {
        if (packed.Length < Size(position + 1))
            throw new InvalidDataException($"The online store holds {packed.Length / sizeof(double)} values of an entity, but feature {position + 1} was asked for; materialise the view again.");
        var value = BinaryPrimitives.ReadDoubleBigEndian(packed[Size(position)..]);
        return double.IsNaN(value) ? null : value;
    }
}
