using System.Buffers.Binary;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>
/// What the online store keeps of <see cref="PackedValues"/>: the same slots without what most of them need not say. A row of many zeros and unknown values, as most
/// customers have, is a sixth as long.
/// </summary>
/// <remarks>
/// Two bits for each slot, the first slot's lowest in their byte: 0 zero, 1 not known (the NaN of <see cref="OnlineValues"/>), 2 a whole number as a double, from 1 to 255, in a byte,
/// 3 eight bytes as they are. Then these bytes, then the texts. What would not be shorter than the slots stays as it is; so a field that is as long as the slots at least is not compact,
/// as those are that an older program has written.
/// </remarks>
internal static class CompactValues
{
    private const int SlotsInByte = 4;

    private const ulong Unknown = 0xFFF8_0000_0000_0000;

    /// <summary>The bits of a feature's value in its slot.</summary>
    /// <param name="value">NaN where it is not known.</param>
    public static ulong BitsOf(double value) => double.IsNaN(value) ? Unknown : BitConverter.DoubleToUInt64Bits(value);

    /// <summary>Room that the compact form of so many slots never needs more of.</summary>
    public static int MostBytes(int slots) => KindBytes(slots) + OnlineValues.Size(slots);

    /// <param name="packed">As <see cref="PackedValues"/> has it, or compact already.</param>
    /// <param name="slots">How many features the view has.</param>
    public static byte[] Of(byte[] packed, int slots)
    {
        var size = OnlineValues.Size(slots);
        if (packed.Length < size)
            return packed;
        Span<ulong> words = slots <= 128 ? stackalloc ulong[slots] : new ulong[slots];
        for (var slot = 0; slot < slots; slot++)
            words[slot] = BinaryPrimitives.ReadUInt64BigEndian(packed.AsSpan(OnlineValues.Size(slot)));
        var compact = new byte[MostBytes(slots)];
        var length = Write(words, compact);
        return length + packed.Length - size < size ? [.. compact.AsSpan(0, length), .. packed.AsSpan(size)] : packed;
    }

    /// <summary>Writes slots without texts: compact, or as they are where that is not longer.</summary>
    /// <param name="target">At least <see cref="MostBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteShorter(ReadOnlySpan<ulong> words, Span<byte> target)
    {
        var length = Write(words, target);
        if (length < OnlineValues.Size(words.Length))
            return length;
        for (var slot = 0; slot < words.Length; slot++)
            BinaryPrimitives.WriteUInt64BigEndian(target[OnlineValues.Size(slot)..], words[slot]);
        return OnlineValues.Size(words.Length);
    }

    /// <summary>The slots and texts of a stored field, as <see cref="PackedValues"/> reads them.</summary>
    /// <exception cref="InvalidDataException">It is not of a view with so many features.</exception>
    public static byte[] Expand(byte[] stored, int slots)
    {
        if (stored.Length >= OnlineValues.Size(slots))
            return stored;
        var place = KindBytes(slots);
        var end = place;
        for (var slot = 0; slot < slots && end <= stored.Length; slot++)
            end += KindOf(stored, slot) switch { 2 => 1, 3 => sizeof(ulong), _ => 0 };
        if (end > stored.Length)
            throw new InvalidDataException($"The online store holds {stored.Length} bytes of an entity, which are not the values of {slots} features; materialise the view again.");
        var packed = new byte[OnlineValues.Size(slots) + stored.Length - end];
        for (var slot = 0; slot < slots; slot++)
        {
            var target = packed.AsSpan(OnlineValues.Size(slot), sizeof(ulong));
            switch (KindOf(stored, slot))
            {
                case 1:
                    BinaryPrimitives.WriteUInt64BigEndian(target, Unknown);
                    break;
                case 2:
                    BinaryPrimitives.WriteDoubleBigEndian(target, stored[place++]);
                    break;
                case 3:
                    stored.AsSpan(place, sizeof(ulong)).CopyTo(target);
                    place += sizeof(ulong);
                    break;
            }
        }
        stored.AsSpan(end).CopyTo(packed.AsSpan(OnlineValues.Size(slots)));
        return packed;
    }

    private static int Write(ReadOnlySpan<ulong> words, Span<byte> target)
    {
        var length = KindBytes(words.Length);
        target[..length].Clear();
        for (var slot = 0; slot < words.Length; slot++)
        {
            var word = words[slot];
            if (word == 0)
                continue;
            var kind = 3;
            if (word == Unknown)
                kind = 1;
            else if (BitConverter.UInt64BitsToDouble(word) is >= 1 and <= byte.MaxValue and var number && number == (byte)number)
            {
                kind = 2;
                target[length++] = (byte)number;
            }
            else
            {
                BinaryPrimitives.WriteUInt64BigEndian(target[length..], word);
                length += sizeof(ulong);
            }
            target[slot / SlotsInByte] |= (byte)(kind << (2 * (slot % SlotsInByte)));
        }
        return length;
    }

    private static int KindBytes(int slots) => (slots + SlotsInByte - 1) / SlotsInByte;

    private static int KindOf(byte[] stored, int slot) => stored.Length <= slot / SlotsInByte ? 3 : (stored[slot / SlotsInByte] >> (2 * (slot % SlotsInByte))) & 3;
}
