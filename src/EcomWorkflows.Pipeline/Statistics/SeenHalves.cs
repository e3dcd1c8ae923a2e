using System.Runtime.Intrinsics.X86;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Remembers the upper half of each hash it is told, in the first free slot from the one its lower half names, for any number of threads.</summary>
/// <param name="length">How many slots, a power of two; it takes half as many hashes.</param>
internal sealed class SeenHalves(int length) : IDisposable
{
    private const int FetchedAhead = 64;

    // 0 is free.
    private readonly UnmanagedArray<uint> table = new(length);
    private long told;

    /// <summary>Whether there were more hashes than it takes: what it answered then is worth nothing.</summary>
    public bool IsFull => Interlocked.Read(ref told) > length / 2;

    /// <summary>Says of each hash whether it was told before, or one of the same half in the same place.</summary>
    public void Add(DuckDbArguments rows, Span<bool> answers)
    {
        var hashes = rows.Column<ulong>(0);
        // Before they are looked at, so that a free slot is left for each.
        if (Interlocked.Add(ref told, hashes.Length) > length / 2)
        {
            answers.Clear();
            return;
        }
        var slots = table.Items;
        for (var first = 0; first < hashes.Length; first += FetchedAhead)
        {
            var few = hashes[first..Math.Min(first + FetchedAhead, hashes.Length)];
            Fetch(slots, few);
            for (var row = 0; row < few.Length; row++)
                answers[first + row] = !TryAdd(slots, few[row]);
        }
    }

    public void Dispose() => table.Dispose();

    private static bool TryAdd(Span<uint> slots, ulong hash)
    {
        var half = Math.Max(1u, (uint)(hash >> 32));
        for (var slot = (int)hash & (slots.Length - 1); ; slot = (slot + 1) & (slots.Length - 1))
        {
            var found = Volatile.Read(ref slots[slot]);
            if (found == 0)
                found = Interlocked.CompareExchange(ref slots[slot], half, 0);
            if (found == 0 || found == half)
                return found == 0;
        }
    }

    /// <summary>Asks for the slots of some hashes before they are looked at: the memory then answers for all of them at the same time.</summary>
    private static unsafe void Fetch(Span<uint> slots, ReadOnlySpan<ulong> hashes)
    {
        if (!Sse.IsSupported)
            return;
        fixed (uint* first = slots)
        {
            foreach (var hash in hashes)
                Sse.Prefetch0(first + ((int)hash & (slots.Length - 1)));
        }
    }
}
