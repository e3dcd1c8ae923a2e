using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Validation.Replay;

/// <summary>What became of a quarantine's rows, told by file and line.</summary>
internal sealed record ReplayCount(long Before, long Released, long NewlyHeld)
{
    /// <summary>Table expression of a quarantine that was never published.</summary>
    public const string Nothing = "(select '' as file, 0::bigint as line, ['']::varchar[] as rules where false)";

    public long Held => Before - Released;

    /// <summary>Compares the quarantine before and after, and writes the released rows as CSV.</summary>
    /// <param name="before">Table expression of the quarantine as it was.</param>
    /// <param name="after">Parquet file of the quarantine as it is now.</param>
    /// <param name="released">CSV to write, with file, line, and why the row was held.</param>
    /// <param name="memoryLimit">What DuckDB may take, as "512MB".</param>
    public static ReplayCount Of(string before, string after, string released, string memoryLimit, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = memoryLimit });
        duck.Execute(
            $"""
            create temp table held as
            select file, line, array_to_string(any_value(rules), ';') as reasons
            from {before}
            group by file, line;

            create temp table holds as
            select distinct file, line
            from read_parquet({DuckDbSql.Literal(after)});

            copy (
              select file, line, reasons
              from held
              anti join holds using (file, line)
              order by file, line
            ) to {DuckDbSql.Literal(released)} (format csv, header)
            """, ct: cancellationToken);
        return duck.QueryRows(
            """
            select
              (select count(*) from held),
              (select count(*) from held anti join holds using (file, line)),
              (select count(*) from holds anti join held using (file, line))
            """,
            row => new ReplayCount(row.Get<long>(0), row.Get<long>(1), row.Get<long>(2)), ct: cancellationToken)[0];
    }
}
