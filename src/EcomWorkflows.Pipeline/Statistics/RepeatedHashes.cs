using System.Numerics;
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

    /// <summary>64 MB. Beyond 16 million rows more hashes share a bit: one in thirty of 30 million.</summary>
    private const long Bits = 1L << 29;

    // A function of SQL stays as long as the database.
    private static int searches;

    /// <summary>Creates a table with the column <c>key_hash</c>: every hash that occurs more than once, and a few others. Returns how many they are.</summary>
    /// <param name="hashes">SELECT of the hashes, one UBIGINT column without nulls.</param>
    /// <param name="rows">About how many rows it yields.</param>
    /// <exception cref="DuckDbException">The SELECT fails.</exception>
    public static long Find(DuckDbConnection duck, string hashes, string table, long rows, CancellationToken cancellationToken)
    {
        if (2 * rows <= MostSlots)
        {
            using var halves = new SeenHalves((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * rows, FewestSlots)));
            var found = Find(duck, hashes, table, halves.Add, cancellationToken);
            if (!halves.IsFull)
                return found;
            duck.Execute($"drop table {table}", ct: cancellationToken);
        }
        using var bits = new SeenBits(Bits);
        return Find(duck, hashes, table, bits.Add, cancellationToken);
    }

    /// <param name="wasSeen">Told each hash once, on several threads: whether it was told before.</param>
    private static long Find(DuckDbConnection duck, string hashes, string table, DuckDbPredicate wasSeen, CancellationToken cancellationToken)
    {
        var function = $"was_seen_{Interlocked.Increment(ref searches)}";
        duck.CreatePredicate(function, [DuckDbType.UBigInt], wasSeen);
        // Not as a condition: DuckDB might ask it before those of the SELECT, of rows that are none of its.
        return duck.Execute(
            $"""
            create table {table} (key_hash ubigint not null);
            insert into {table}
            select distinct key_hash
            from (
              select key_hash, {function}(key_hash) as was_seen
              from ({hashes}) as row (key_hash)
            )
            where was_seen
            """,
            ct: cancellationToken);
    }
}
