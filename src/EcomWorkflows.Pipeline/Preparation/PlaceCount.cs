using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Sums up where rows come from, chunk by chunk, on whatever threads they come.</summary>
internal sealed class PlaceCount
{
    // A function of SQL stays as long as the database.
    private static int counts;

    private readonly Lock gate = new();
    private RowPlaces places;

    /// <param name="select">With the columns <c>file</c> and <c>line</c>.</param>
    /// <exception cref="DuckDbException">The SELECT fails.</exception>
    public static RowPlaces Of(DuckDbConnection duckDb, string select, CancellationToken cancellationToken)
    {
        var count = new PlaceCount();
        var function = $"counted_{Interlocked.Increment(ref counts)}";
        duckDb.CreatePredicate(function, [DuckDbType.UBigInt, DuckDbType.BigInt], count.Add);
        // Not as a condition: DuckDB might ask it before those of the SELECT.
        duckDb.Scalar<long>($"select count(*) filter (where {function}(hash(file), try_cast(line as bigint))) from ({select})", ct: cancellationToken);
        return count.places;
    }

    private void Add(DuckDbArguments rows, Span<bool> counted)
    {
        var found = RowPlaces.Of(rows.Column<ulong>(0), rows.Column<long>(1), rows.Validity(1));
        counted.Fill(true);
        lock (gate)
            places += found;
    }
}
