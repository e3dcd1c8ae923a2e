using System.Buffers.Binary;
using System.Numerics;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Gives each different text a number, from 0 as they come.</summary>
internal sealed class TextCodes
{
    private const int BeginningLength = sizeof(ulong);

    // Where each begins among the bytes, and behind them where the next will.
    private int[] starts = new int[1 << 11];
    private byte[] bytes = new byte[1 << 16];

    // A power of two, at most half of them taken: short texts are found without a look at their bytes.
    private Slot[] slots = new Slot[1 << 12];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int code] => bytes.AsSpan(starts[code], starts[code + 1] - starts[code]);

    /// <exception cref="OverflowException">The texts together are longer than 2 GB.</exception>
    public int CodeOf(ReadOnlySpan<byte> utf8)
    {
        var beginning = BeginningOf(utf8);
        var place = PlaceOf(beginning, utf8);
        for (; slots[place] is { Taken: > 0 } slot; place = (place + 1) & (slots.Length - 1))
            if (slot.Beginning == beginning && slot.Length == utf8.Length && (utf8.Length <= BeginningLength || this[slot.Taken - 1].SequenceEqual(utf8)))
                return slot.Taken - 1;
        Add(utf8);
        slots[place] = new Slot(beginning, utf8.Length, Count);
        if (Count > slots.Length / 2)
            Grow();
        return Count - 1;
    }

    /// <summary>The texts one behind the other in this order of their codes: to be read one after the other.</summary>
    public SequentialTexts In(int[] order)
    {
        var (ends, sorted) = (new int[order.Length], new byte[starts[Count]]);
        var end = 0;
        for (var i = 0; i < order.Length; i++)
        {
            var text = this[order[i]];
            text.CopyTo(sorted.AsSpan(end));
            ends[i] = end += text.Length;
        }
        return new SequentialTexts(sorted, ends);
    }

    /// <summary>All codes in the order of their texts, byte by byte: the order of <c>order by</c>.</summary>
    public int[] InOrder()
    {
        var codes = new int[Count];
        var beginnings = new ulong[Count];
        for (var code = 0; code < codes.Length; code++)
            (codes[code], beginnings[code]) = (code, BeginningOf(this[code]));
        RadixSort.Sort(beginnings, codes);
        var byText = Comparer<int>.Create((left, right) => this[left].SequenceCompareTo(this[right]));
        for (var start = 0; start < codes.Length;)
        {
            var end = start + 1;
            while (end < codes.Length && beginnings[end] == beginnings[start])
                end++;
            if (end - start > 1)
                Array.Sort(codes, start, end - start, byText);
            start = end;
        }
        return codes;
    }

    /// <summary>The first eight bytes, zeros behind a shorter text.</summary>
    private static ulong BeginningOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= BeginningLength)
            return BinaryPrimitives.ReadUInt64BigEndian(text);
        var beginning = 0UL;
        foreach (var one in text)
            beginning = (beginning << 8) | one;
        return text.IsEmpty ? 0 : beginning << (8 * (BeginningLength - text.Length));
    }

    private int PlaceOf(ulong beginning, ReadOnlySpan<byte> text)
    {
        var hash = (beginning ^ (ulong)text.Length) * 0x9E37_79B9_7F4A_7C15;
        for (var rest = text; rest.Length > BeginningLength;)
        {
            rest = rest[BeginningLength..];
            hash = (BitOperations.RotateLeft(hash, 29) ^ BeginningOf(rest)) * 0xD6E8_FEB8_6659_FD93;
        }
        hash ^= hash >> 32;
        return (int)((hash * 0x9E37_79B9_7F4A_7C15) >> 33) & (slots.Length - 1);
    }

    private void Add(ReadOnlySpan<byte> utf8)
    {
        var end = checked(starts[Count] + utf8.Length);
        if (end > bytes.Length)
            Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, bytes.Length * 2L)));
        utf8.CopyTo(bytes.AsSpan(starts[Count]));
        if (++Count == starts.Length)
            Array.Resize(ref starts, starts.Length * 2);
        starts[Count] = end;
    }

    private void Grow()
    {
        var before = slots;
        slots = new Slot[before.Length * 2];
        foreach (var slot in before)
        {
            if (slot.Taken == 0)
                continue;
            var place = PlaceOf(slot.Beginning, this[slot.Taken - 1]);
            while (slots[place].Taken > 0)
                place = (place + 1) & (slots.Length - 1);
            slots[place] = slot;
        }
    }

    /// <param name="Length">Of the whole text, in bytes.</param>
    /// <param name="Taken">Its number + 1; 0 where there is none.</param>
    private readonly record struct Slot(ulong Beginning, int Length, int Taken);
}
