using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Writes the rows of a relation that are kept, and accounts for all of them on the way: nothing is computed or read twice.</summary>
internal sealed class SilverWriter
{
    private readonly Dictionary<string, RowCount> counts = new(StringComparer.Ordinal);

    /// <summary>Creates its functions in the database.</summary>
    public SilverWriter(DuckDbConnection duckDb)
    {
        foreach (var table in CanonicalTable.All)
        {
            counts.Add(table.Name, new RowCount());
            duckDb.CreatePredicate($"keep_{table.Name}", [DuckDbType.Varchar, DuckDbType.Varchar, DuckDbType.UBigInt, DuckDbType.BigInt], counts[table.Name].Add);
        }
    }

    /// <param name="duckDb">Any connection to the database.</param>
    /// <param name="relation">Rows as <see cref="SilverSql.RowsInOrder"/> gives them.</param>
    /// <param name="account">As <see cref="SilverSql.Account"/> gives it.</param>
    /// <param name="columns">Of the file, as <see cref="SilverSql.Columns"/> gives them.</param>
    /// <param name="format">One of <see cref="ParquetFormat"/>.</param>
    public WrittenRows Write(
        DuckDbConnection duckDb, CanonicalTable table, string relation, string account, string columns, string path, string format, CancellationToken cancellationToken)
    {
        var copy =
            $"""
            copy (
              select {columns}
              from (
                select *, keep_{table.Name}({account}) as _keep
                from {relation}
              )
              where _keep
            ) to {DuckDbSql.Literal(path)} {format}
            """;
        // Behind a join, several threads would each write what they have; the file then had to be sorted.
        if (!KeepsOrder(duckDb, copy, cancellationToken))
            duckDb.Execute("set threads = 1", ct: cancellationToken);
        counts[table.Name].Restart();
        duckDb.Execute(copy, ct: cancellationToken);
        return counts[table.Name].ToWritten();
    }

    private static bool KeepsOrder(DuckDbConnection duckDb, string copy, CancellationToken cancellationToken) =>
        duckDb.QueryRows($"explain {copy}", row => row.Get<string>(1), ct: cancellationToken).Any(plan => plan.Contains("BATCH_COPY_TO_FILE", StringComparison.Ordinal));

    /// <summary>Counts rows chunk by chunk, on whatever threads they come.</summary>
    private sealed class RowCount
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, long> dropped = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> imputed = new(StringComparer.Ordinal);
        private ulong? firstFile;
        private RowPlaces places;
        private bool isOneFile = true;

        /// <summary>Counts the rows of a chunk, and says which of them are kept.</summary>
        public void Add(DuckDbArguments rows, Span<bool> kept)
        {
            var reasons = rows.Texts(0);
            var fills = rows.Texts(1);
            var files = rows.Column<ulong>(2);
            var found = RowPlaces.Of(files, rows.Column<long>(3), rows.Validity(3));
            lock (gate)
            {
                places += found;
                for (var row = 0; row < rows.Rows; row++)
                {
                    kept[row] = reasons.IsNull(row);
                    if (!kept[row])
                    {
                        Count(dropped, reasons[row]);
                        continue;
                    }
                    if (!fills.IsNull(row))
                        Count(imputed, fills[row]);
                    firstFile ??= files[row];
                    isOneFile &= files[row] == firstFile;
                }
            }
        }

        public void Restart()
        {
            dropped.Clear();
            imputed.Clear();
            (firstFile, places, isOneFile) = (null, default, true);
        }

        public WrittenRows ToWritten() => new(places, dropped, imputed, isOneFile);

        private static void Count(Dictionary<string, long> counts, ReadOnlySpan<byte> value)
        {
            var text = Encoding.UTF8.GetString(value);
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }
    }
}
