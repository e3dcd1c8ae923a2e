using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics.X86;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Gives each different text a number, from 0 as they come.</summary>
internal sealed class TextCodes : IDisposable
{
    private const int BeginningLength = sizeof(ulong);

    private const int FetchedAhead = 64;

    // Where each begins among the bytes, and behind them where the next will.
    private int[] starts = new int[1 << 11];
    private byte[] bytes = new byte[1 << 16];

    // A power of two, at most half of them taken: short texts are found without a look at their bytes. Looked at all over, so in large pages.
    private UnmanagedArray<Slot> slots = new(1 << 12);

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int code] => bytes.AsSpan(starts[code], starts[code + 1] - starts[code]);

    /// <exception cref="OverflowException">The texts together are longer than 2 GB.</exception>
    public int CodeOf(ReadOnlySpan<byte> utf8)
    {
        var beginning = BeginningOf(utf8);
        return CodeOf(utf8, beginning, HashOf(beginning, utf8));
    }

    /// <summary>The codes of a column's first texts; the memory is asked for the places of many at the same time.</summary>
    /// <exception cref="OverflowException">The texts together are longer than 2 GB.</exception>
    public void CodesOf(TextColumn texts, Span<int> codes)
    {
        Span<uint> hashes = stackalloc uint[FetchedAhead];
        Span<ulong> beginnings = stackalloc ulong[FetchedAhead];
        for (var first = 0; first < codes.Length; first += FetchedAhead)
        {
            var few = codes[first..Math.Min(first + FetchedAhead, codes.Length)];
            for (var row = 0; row < few.Length; row++)
            {
                var text = texts[first + row];
                beginnings[row] = BeginningOf(text);
                hashes[row] = HashOf(beginnings[row], text);
            }
            Fetch(slots.Items, hashes[..few.Length]);
            for (var row = 0; row < few.Length; row++)
                few[row] = CodeOf(texts[first + row], beginnings[row], hashes[row]);
        }
    }

    /// <summary>The texts in the order of <c>order by</c>, byte by byte, to be read one after the other; and in the same order their codes.</summary>
    public (SequentialTexts Texts, int[] Codes) InOrder()
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
        return (new SequentialTexts(In(codes, out var ends), ends, beginnings), codes);
    }

    /// <summary>Its memory is the system's again; the texts can still be read.</summary>
    public void Dispose() => slots.Dispose();

    /// <summary>The first eight bytes, zeros behind a shorter text.</summary>
    internal static ulong BeginningOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= BeginningLength)
            return BinaryPrimitives.ReadUInt64BigEndian(text);
        var behind = 8 * (BeginningLength - text.Length);
        // The first four and the last four: what is in both is the same in the same place.
        if (text.Length >= sizeof(uint))
            return ((ulong)BinaryPrimitives.ReadUInt32BigEndian(text) << 32) | ((ulong)BinaryPrimitives.ReadUInt32BigEndian(text[^sizeof(uint)..]) << behind);
        var beginning = 0UL;
        foreach (var one in text)
            beginning = (beginning << 8) | one;
        return text.IsEmpty ? 0 : beginning << behind;
    }

    private byte[] In(int[] order, out int[] ends)
    {
        (ends, var sorted) = (new int[order.Length], new byte[starts[Count]]);
        var end = 0;
        for (var i = 0; i < order.Length; i++)
        {
            var text = this[order[i]];
            text.CopyTo(sorted.AsSpan(end));
            ends[i] = end += text.Length;
        }
        return sorted;
    }

    private static uint HashOf(ulong beginning, ReadOnlySpan<byte> text) => HashOf(beginning, text.Length, text.Length > BeginningLength ? text[BeginningLength..] : []);

    /// <param name="rest">What follows the beginning.</param>
    private static uint HashOf(ulong beginning, int length, ReadOnlySpan<byte> rest)
    {
        var hash = (beginning ^ (ulong)length) * 0x9E37_79B9_7F4A_7C15;
        for (; rest.Length > 0; rest = rest[Math.Min(BeginningLength, rest.Length)..])
            hash = (BitOperations.RotateLeft(hash, 29) ^ BeginningOf(rest)) * 0xD6E8_FEB8_6659_FD93;
        hash ^= hash >> 32;
        return (uint)((hash * 0x9E37_79B9_7F4A_7C15) >> 32);
    }

    private static unsafe void Fetch(Span<Slot> slots, ReadOnlySpan<uint> hashes)
    {
        if (!Sse.IsSupported)
            return;
        fixed (Slot* first = slots)
        {
            foreach (var hash in hashes)
                Sse.Prefetch0(first + PlaceOf(hash, slots.Length));
        }
    }

    private static int PlaceOf(uint hash, int slots) => (int)(hash & (uint)(slots - 1));

    private int CodeOf(ReadOnlySpan<byte> utf8, ulong beginning, uint hash)
    {
        var items = slots.Items;
        var place = PlaceOf(hash, items.Length);
        for (; items[place] is { Taken: > 0 } slot; place = (place + 1) & (items.Length - 1))
            if (slot.Beginning == beginning && slot.Length == utf8.Length && (utf8.Length <= BeginningLength || this[slot.Taken - 1].SequenceEqual(utf8)))
                return slot.Taken - 1;
        Add(utf8);
        items[place] = new Slot(beginning, utf8.Length, Count);
        if (Count > items.Length / 2)
            Grow();
        return Count - 1;
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
        using var before = slots;
        slots = new UnmanagedArray<Slot>(before.Items.Length * 2);
        var items = slots.Items;
        foreach (var slot in before.Items)
        {
            if (slot.Taken == 0)
                continue;
            var place = PlaceOf(HashOf(slot.Beginning, slot.Length, slot.Length <= BeginningLength ? [] : this[slot.Taken - 1][BeginningLength..]), items.Length);
            while (items[place].Taken > 0)
                place = (place + 1) & (items.Length - 1);
            items[place] = slot;
        }
    }

    /// <param name="Length">Of the whole text, in bytes.</param>
    /// <param name="Taken">Its number + 1; 0 where there is none.</param>
    private readonly record struct Slot(ulong Beginning, int Length, int Taken);
}
