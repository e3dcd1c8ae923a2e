using System.Numerics;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>A few of the bronze rows of an entity, by file and line. SQL asks for each row whether it is one of them; unlike a join, that keeps the rows' order on several threads.</summary>
internal sealed class RowSet
{
    /// <summary>Of more rows a join is made: their places would take more than 50 MB.</summary>
    private const int MostRows = 1_000_000;

    /// <summary>By the hash of the file's name: DuckDB would copy the name for each row, but hashes it once.</summary>
    private readonly Dictionary<ulong, HashSet<long>> linesOfFile = [];

    /// <summary>One bit for the lines that are the same modulo its length: nearly all rows need no other look.</summary>
    private readonly ulong[] mayContain;

    private RowSet(int rows) => mayContain = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, rows / 4))];

    /// <summary>SELECT of a relation's rows with a further, boolean column.</summary>
    /// <param name="relation">Has the columns <c>_file</c> and <c>_line</c>.</param>
    /// <param name="rows">Table of the rows for which the column is true, with the columns <c>file</c> and <c>line</c>, each row once.</param>
    /// <exception cref="DuckDbException">The table cannot be read.</exception>
    public static string Mark(DuckDbConnection duckDb, string relation, string rows, string column, CancellationToken cancellationToken)
    {
        var count = duckDb.Scalar<long>($"select count(*) from {rows}", ct: cancellationToken);
        if (count == 0)
            return $"select *, false as {column} from {relation}";
        if (count > MostRows)
            return $"select r.*, m.line is not null as {column} from {relation} r left join {rows} m on m.line = r._line and m.file = r._file";
        duckDb.CreatePredicate($"is_{rows}", [DuckDbType.UBigInt, DuckDbType.BigInt], Read(duckDb, rows, (int)count, cancellationToken).Contains);
        return $"select *, is_{rows}(hash(_file), _line) as {column} from {relation}";
    }

    private static RowSet Read(DuckDbConnection duckDb, string rows, int count, CancellationToken cancellationToken)
    {
        var set = new RowSet(count);
        using var reader = duckDb.Query($"select hash(file), line from {rows} where file is not null and line is not null", ct: cancellationToken);
        while (reader.Read())
            set.Add(reader.Get<ulong>(0), reader.Get<long>(1));
        return set;
    }

    private void Add(ulong file, long line)
    {
        if (!linesOfFile.TryGetValue(file, out var lines))
            linesOfFile.Add(file, lines = []);
        lines.Add(line);
        mayContain[Word(line)] |= 1UL << (int)(line & 63);
    }

    private void Contains(DuckDbArguments rows, Span<bool> answers)
    {
        var files = rows.Column<ulong>(0);
        var lines = rows.Column<long>(1);
        var validity = rows.Validity(1);
        for (var row = 0; row < rows.Rows; row++)
        {
            var line = lines[row];
            answers[row] = (mayContain[Word(line)] & (1UL << (int)(line & 63))) != 0
                && validity.IsKnown(row)
                && linesOfFile.TryGetValue(files[row], out var found)
                && found.Contains(line);
        }
    }

    private int Word(long line) => (int)(line >> 6) & (mayContain.Length - 1);
}
