using System.Buffers.Binary;

namespace EcomWorkflows.Pipeline.Ingestion.Parsing;

/// <summary>Reads what most numbers are, digits and nothing else, eight at a time.</summary>
/// <remarks>Mula and Lemire 2018, "Faster integer parsing": pairs, then fours, then all eight digits are added up within one 64-bit word.</remarks>
internal static class Digits
{
    private const int Block = 8;
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>False for anything but 1 to 16 digits, and near the beginning of the text also for digits.</summary>
    /// <param name="all">The text; up to 16 bytes before the end of the place are looked at.</param>
    /// <param name="place">Where the number is in it.</param>
    public static bool TryParse(ReadOnlySpan<byte> all, Range place, out long value)
    {
        var (begin, end) = (place.Start.Value, place.End.Value);
        var length = end - begin;
        value = 0;
        if (length is 0 or > 2 * Block || end < 2 * Block)
            return false;
        if (!TryParse(Last(all, end, Math.Min(length, Block)), out var lower))
            return false;
        value = lower;
        if (length <= Block)
            return true;
        if (!TryParse(Last(all, end - Block, length - Block), out var upper))
            return false;
        value += upper * 100_000_000L;
        return true;
    }

    /// <summary>The last bytes before a place, at most eight, with zeros before them; the first digit is the lowest byte.</summary>
    private static ulong Last(ReadOnlySpan<byte> all, int end, int length)
    {
        var given = ulong.MaxValue << (8 * (Block - length));
        return (BinaryPrimitives.ReadUInt64LittleEndian(all[(end - Block)..]) & given) | (Zeros & ~given);
    }

    private static bool TryParse(ulong digits, out uint value)
    {
        // Of a digit the upper half is 3, also when 6 is added to it.
        const ulong Upper = 0xF0F0F0F0F0F0F0F0;
        if (((digits & Upper) | (((digits + 0x0606060606060606) & Upper) >> 4)) != 0x3333333333333333)
        {
            value = 0;
            return false;
        }
        const ulong Pairs = 0x000000FF000000FF;
        digits -= Zeros;
        digits = (digits * 10) + (digits >> 8);
        value = (uint)((((digits & Pairs) * (100 + (1_000_000UL << 32))) + (((digits >> 16) & Pairs) * (1 + (10_000UL << 32)))) >> 32);
        return true;
    }
}
