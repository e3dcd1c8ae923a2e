using System.Numerics;
using System.Runtime.Intrinsics.X86;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Finds the hashes that may occur more than once among many, in one pass and little memory, so that only their rows have to be compared by value.</summary>
/// <remarks>
/// No repeated hash is missed. Up to 16 million rows half of each hash is kept in a table (8 to 16 bytes per row), so that another hash is hardly ever taken for a repeated one: where
/// none is, no row has to be compared. Of more rows each hash sets one bit of an array; one that finds its bit set is a repeated one, or one of the few that share a bit with another.
/// Where nearly all hashes differ this takes a fifth of the time of grouping them.
/// </remarks>
internal static class RepeatedHashes
{
    private const int FewestSlots = 1 << 12;
    private const int MostSlots = 1 << 25;
    private const int FetchedAhead = 64;

    /// <summary>64 MB. Beyond 16 million rows more hashes share a bit: one in thirty of 30 million.</summary>
    private const long Bits = 1L << 29;

    /// <summary>Creates a table with the column <c>key_hash</c>: every hash that occurs more than once, and a few others. Returns how many they are.</summary>
    /// <param name="hashes">SELECT of the hashes, one UBIGINT column without nulls.</param>
    /// <param name="rows">About how many rows it yields.</param>
    /// <exception cref="DuckDbException">The SELECT fails.</exception>
    public static int Find(DuckDbConnection duck, string hashes, string table, long rows, CancellationToken cancellationToken)
    {
        duck.Execute($"create table {table} (key_hash ubigint not null)", ct: cancellationToken);
        var found = new HashSet<ulong>();
        if (2 * rows > MostSlots || !TryFindInTable(duck, hashes, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * rows, FewestSlots)), found, cancellationToken))
            FindInBits(duck, hashes, found, cancellationToken);
        using var appender = duck.CreateAppender(table);
        foreach (var hash in found)
            appender.Append(hash).EndRow();
        appender.Flush();
        return found.Count;
    }

    /// <summary>False where there are more hashes than half the slots: those that were found are repeated, but not all were.</summary>
    /// <param name="length">How many slots, a power of two.</param>
    private static bool TryFindInTable(DuckDbConnection duck, string hashes, int length, HashSet<ulong> found, CancellationToken cancellationToken)
    {
        using var table = new UnmanagedArray<uint>(length);
        var free = length / 2;
        using var reader = duck.Query(hashes, ct: cancellationToken);
        while (reader.NextChunk())
        {
            if (!TryAdd(table.Items, reader.Column<ulong>(0), ref free, found))
                return false;
        }
        return true;
    }

    /// <summary>Keeps the upper half of each hash, in the first free slot from the one its lower half names; 0 is free.</summary>
    private static bool TryAdd(Span<uint> slots, ReadOnlySpan<ulong> hashes, ref int free, HashSet<ulong> found)
    {
        var mask = slots.Length - 1;
        while (!hashes.IsEmpty)
        {
            var few = hashes[..Math.Min(FetchedAhead, hashes.Length)];
            Fetch(slots, few);
            foreach (var hash in few)
            {
                var half = Math.Max(1u, (uint)(hash >> 32));
                var slot = (int)hash & mask;
                while (slots[slot] != 0 && slots[slot] != half)
                    slot = (slot + 1) & mask;
                if (slots[slot] == half)
                    found.Add(hash);
                else if (free-- == 0)
                    return false;
                else
                    slots[slot] = half;
            }
            hashes = hashes[few.Length..];
        }
        return true;
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

    private static void FindInBits(DuckDbConnection duck, string hashes, HashSet<ulong> found, CancellationToken cancellationToken)
    {
        using var bits = new UnmanagedArray<ulong>((int)(Bits / 64));
        var seen = bits.Items;
        var mask = (ulong)Bits - 1;
        using var reader = duck.Query(hashes, ct: cancellationToken);
        while (reader.NextChunk())
        {
            foreach (var hash in reader.Column<ulong>(0))
            {
                var bit = hash & mask;
                ref var word = ref seen[(int)(bit >> 6)];
                var one = 1UL << (int)(bit & 63);
                if ((word & one) != 0)
                    found.Add(hash);
                word |= one;
            }
        }
    }
}
