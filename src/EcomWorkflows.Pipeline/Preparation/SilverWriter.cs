using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>
/// Writes the rows of a SELECT that are kept, in the order in which they come, and accounts for all of them on the way: nothing is computed or read twice. One thread computes
/// rows, another packs them.
/// </summary>
/// <remarks>DuckDB's own parallel COPY moves some rows of a SELECT with a join to another place; the file then had to be sorted.</remarks>
internal sealed class SilverWriter(DuckDbConnection duckDb, CancellationToken cancellationToken)
{
    /// <param name="name">Of the table; tells what belongs to it from what belongs to others.</param>
    /// <param name="rows">SELECT as <see cref="SilverSql.Accounted"/> makes it.</param>
    /// <param name="columns">Of the file, over those of the rows.</param>
    /// <param name="expected">About how many rows there are.</param>
    public WrittenRows Write(string name, string rows, string columns, string path, long expected)
    {
        var (like, stream) = ($"like_{name}", $"rows_{name}");
        duckDb.Execute(
            $"""
            create table {like} as
            select * exclude ({SilverSql.AccountColumns})
            from ({rows})
            with no data
            """,
            ct: cancellationToken);
        try
        {
            using var writer = duckDb.Duplicate();
            var count = new RowCount();
            writer.ExecuteOver(
                stream, like, expected, target => Pass(rows, target, count),
                $"copy (select {columns} from {stream}()) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}", ct: cancellationToken);
            return count.ToWritten();
        }
        finally
        {
            duckDb.Execute($"drop table {like}", ct: CancellationToken.None);
        }
    }

    private void Pass(string rows, DuckDbRowStream target, RowCount count)
    {
        using var reader = duckDb.Query(rows, ct: cancellationToken);
        var (file, line) = (Find(reader, "file", DuckDbType.Varchar), Find(reader, "line", DuckDbType.BigInt));
        while (reader.NextChunk())
            target.Pass(reader, count.Add(reader, file, line));
    }

    private static int Find(DuckDbReader reader, string name, DuckDbType type) =>
        Enumerable.Range(0, reader.FieldCount).ToList().FindIndex(column => reader.GetName(column) == name && reader.GetFieldType(column) == type);

    /// <summary>Counts rows chunk by chunk.</summary>
    private sealed class RowCount
    {
        private readonly Dictionary<string, long> dropped = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> imputed = new(StringComparer.Ordinal);
        private uint[] kept = [];
        private byte[]? firstFile;
        private UInt128 lines;
        private long total;
        private long lineBefore = long.MinValue;
        private bool isOneFile = true;
        private bool isInLineOrder = true;

        /// <summary>Counts the rows of the current chunk, and says which of them are kept.</summary>
        /// <param name="file">Which column it is; negative where there is none.</param>
        /// <param name="line">Which column it is; negative where there is none.</param>
        public ReadOnlySpan<uint> Add(DuckDbReader reader, int file, int line)
        {
            var rows = reader.ChunkRows;
            if (kept.Length < rows)
                kept = new uint[rows];
            var account = reader.FieldCount - SilverSql.AccountColumnCount;
            var reasons = reader.Texts(account);
            var fills = reader.Texts(account + 1);
            var hashes = reader.Column<ulong>(account + 2);
            var keptRows = 0;
            for (var row = 0; row < rows; row++)
            {
                lines += hashes[row] >> 8;
                if (!reasons.IsNull(row))
                {
                    Count(dropped, reasons[row]);
                    continue;
                }
                if (!fills.IsNull(row))
                    Count(imputed, fills[row]);
                kept[keptRows++] = (uint)row;
            }
            total += rows;
            if (file >= 0)
                SeeFiles(reader, file);
            if (line >= 0)
                SeeLines(reader, line, kept.AsSpan(0, keptRows));
            return kept.AsSpan(0, keptRows);
        }

        public WrittenRows ToWritten() => new(total, dropped, imputed, (decimal)lines, isOneFile, isInLineOrder);

        private void SeeFiles(DuckDbReader reader, int file)
        {
            var files = reader.Texts(file);
            for (var row = 0; row < reader.ChunkRows && isOneFile; row++)
            {
                if (files.IsNull(row))
                    continue;
                var name = files[row];
                firstFile ??= name.ToArray();
                isOneFile = name.SequenceEqual(firstFile);
            }
        }

        private void SeeLines(DuckDbReader reader, int line, ReadOnlySpan<uint> rows)
        {
            var numbers = reader.Column<long>(line);
            foreach (var row in rows)
            {
                isInLineOrder &= numbers[(int)row] > lineBefore;
                lineBefore = numbers[(int)row];
            }
        }

        private static void Count(Dictionary<string, long> counts, ReadOnlySpan<byte> value)
        {
            var text = Encoding.UTF8.GetString(value);
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }
    }
}
