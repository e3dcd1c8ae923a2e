using System.Numerics;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Builds the silver tables of one source in one DuckDB connection, and accounts for every row.</summary>
internal sealed class SilverBuilder(DuckDbConnection duckDb, SourceMapping mapping, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, BronzeRows> bronze = new(StringComparer.Ordinal);

    public IEnumerable<EntityAccount> Entities => bronze.Values.Select(b => b.Account);

    /// <summary>Makes an entity's bronze rows minus its quarantine readable for the mapping's SQL.</summary>
    /// <param name="bronzeScan">Table expression with the columns <c>_file</c> and <c>_line</c>.</param>
    /// <param name="quarantineScan">Table expression with the columns <c>file</c> and <c>line</c>; null where nothing was quarantined.</param>
    public void AddBronze(string entity, string bronzeScan, string? quarantineScan)
    {
        var name = SilverSql.BronzeName(entity);
        var refused = $"refused_{entity}";
        duckDb.Execute(
            quarantineScan is null
                ? $"create temp view {name} as select * from {bronzeScan}"
                : $"""
                  create temp table {refused} as
                  select distinct file, line
                  from {quarantineScan};

                  create temp view {name} as
                  select b.*
                  from {bronzeScan} b
                  anti join {refused} q on q.line = b._line and q.file = b._file
                  """,
            ct: cancellationToken);
        var all = duckDb.Scalar<long>($"select count(*) from {bronzeScan}", ct: cancellationToken);
        var kept = Fingerprint($"select _file as file, _line as line from {name}");
        bronze[entity] = new BronzeRows(new EntityAccount(entity, all, all - kept.Rows, kept.Rows), kept.Lines);
    }

    /// <summary>Builds one table and writes it.</summary>
    /// <exception cref="TaskFailedException">The mapping's SQL does not run, does not yield the canonical columns, or loses rows.</exception>
    public SilverTableResult Build(CanonicalTable table, string path)
    {
        var sql = new SilverSql(mapping, table);
        var select = sql.Select();
        foreach (var (name, entity, columns) in sql.Repeated())
            FindRepeated(name, entity, columns);
        var given = Run(table, () => Describe(select));
        sql.Check(given);
        // Rows without a key are not kept between counting and writing: to compute them twice costs less than to hold them.
        var relation = table.Key is null ? $"(\n{sql.Rows(select, given)}\n)" : Stage(table, sql, select, given);
        var account = table.Key is null && mapping.Silver[table.Name].RowsFrom is { Count: 1 } && !SilverSql.TellsImputed(given)
            ? WriteThenCount(table, relation, given, path)
            : CountThenWrite(table, relation, given, path);
        duckDb.Execute(
            $"""
            drop table if exists {sql.StagedName};

            create temp view {SilverSql.SilverName(table.Name)} as
            select *
            from read_parquet({DuckDbSql.Literal(path)}, hive_partitioning = false)
            """,
            ct: cancellationToken);
        return new SilverTableResult(table, account, Describe($"select * from {SilverSql.SilverName(table.Name)}"), path);
    }

    /// <summary>Makes a table of (file, line) of the rows that equal an earlier one of their entity.</summary>
    private void FindRepeated(string name, string entity, string columns)
    {
        var hashes = $"{name}_hashes";
        RepeatedHashes.Find(duckDb, $"select hash({columns}) from {SilverSql.BronzeName(entity)}", hashes, bronze[entity].Account.RowsKept, cancellationToken);
        duckDb.Execute(
            $"""
            create temp table {name} as
            select file, line
            from (
              select _file as file, _line as line, row_number() over (partition by {columns} order by _file, _line) as occurrence_number
              from {SilverSql.BronzeName(entity)}
              where hash({columns}) in (select key_hash from {hashes})
            )
            where occurrence_number > 1;

            drop table {hashes}
            """,
            ct: cancellationToken);
    }

    private string Stage(CanonicalTable table, SilverSql sql, string select, IReadOnlyList<LakeColumn> given)
    {
        Run(table, () => duckDb.Execute(sql.Stage(sql.Rows(select, given)), ct: cancellationToken));
        if (duckDb.Scalar<bool>(sql.AnyRepeatedKey(), ct: cancellationToken))
            duckDb.Execute(sql.DropRepeatedKeys(given), ct: cancellationToken);
        return sql.StagedName;
    }

    private IReadOnlyList<RowCount> Count(string relation, IReadOnlyList<LakeColumn> given) =>
        duckDb.QueryRows(
            SilverSql.Counted(relation, given),
            row => new RowCount(row.Get<string?>(0), row.Get<string?>(1), row.Get<long>(2), Sum(row.Get<string?>(3)), row.Get<string?>(4), row.Get<string?>(5)),
            ct: cancellationToken);

    private TableAccount Account(CanonicalTable table, string relation, IReadOnlyList<RowCount> counts)
    {
        var from = mapping.Silver[table.Name].RowsFrom ?? [];
        var total = counts.Sum(count => count.Rows);
        var expected = from.Select(entity => bronze.TryGetValue(entity, out var rows) ? rows : throw UnknownEntity(table, entity)).ToArray();
        var rowsIn = expected.Sum(e => e.Account.RowsKept);
        if (from.Count > 0 && (total != rowsIn || counts.Sum(count => count.Lines) != expected.Sum(e => e.Lines)))
            CheckNothingLost(table, relation, rowsIn, expected.Sum(e => e.Lines));
        var dropped = counts.Where(count => count.Reason is not null).GroupBy(count => count.Reason!).ToDictionary(same => same.Key, same => same.Sum(count => count.Rows), StringComparer.Ordinal);
        return new TableAccount(table.Name, from, rowsIn, dropped, Imputed(counts), total - rowsIn, total - dropped.Values.Sum(), SnapshotId: 0);
    }

    /// <summary>Every validated row of the entities must come out: kept, or with a reason. More rows than came in are allowed (a return beside its purchase).</summary>
    private void CheckNothingLost(CanonicalTable table, string relation, long rowsIn, decimal lines)
    {
        var distinct = Run(table, () => Fingerprint($"select distinct file, line from {relation}"));
        if (distinct.Rows != rowsIn || distinct.Lines != lines)
            throw new TaskFailedException(
                $"{mapping.File}, silver.{table.Name}: {rowsIn} rows of {string.Join(", ", mapping.Silver[table.Name].RowsFrom!)} came in, but the SQL yields rows of {distinct.Rows} of them. "
                + $"Do not filter rows out: give them a reason in the column '{SilverSql.Drop}', so that they are counted.",
                retryable: false);
    }

    private TableAccount CountThenWrite(CanonicalTable table, string relation, IReadOnlyList<LakeColumn> given, string path)
    {
        var counts = Run(table, () => Count(relation, given));
        var account = Account(table, relation, counts);
        var order = table.Key is not null || IsOneLineEach(table, account, counts) ? "" : $"order by {string.Join(", ", table.Order)}";
        Write(table, relation, given, order, path, account.RowsOut);
        if (IsOneLineEach(table, account, counts) && !InLineOrder(path))
            Sort(path, "line");
        return account;
    }

    /// <summary>Where each row comes out once, which the written file shows, the SQL has run once only.</summary>
    private TableAccount WriteThenCount(CanonicalTable table, string relation, IReadOnlyList<LakeColumn> given, string path)
    {
        var written = Write(table, relation, given, "", path, expected: null);
        var kept = Run(table, () => Count($"(select *, null::varchar as {SilverSql.Drop} from read_parquet({DuckDbSql.Literal(path)}, hive_partitioning = false))", given));
        var counts = IsAllOf(table, relation, kept) ? kept : Run(table, () => Count(relation, given));
        var account = Account(table, relation, counts);
        if (written != account.RowsOut)
            throw NotRepeatable(table, written, account.RowsOut);
        var oneLineEach = IsOneLineEach(table, account, counts);
        if (!oneLineEach || !InLineOrder(path))
            Sort(path, oneLineEach ? "line" : string.Join(", ", table.Order));
        return account;
    }

    /// <summary>Whether the SQL yields the rows that came in, no more and no fewer, and all of them are kept.</summary>
    private bool IsAllOf(CanonicalTable table, string relation, IReadOnlyList<RowCount> kept) =>
        bronze.TryGetValue(mapping.Silver[table.Name].RowsFrom!.Single(), out var rows)
        && kept.Sum(count => count.Rows) == rows.Account.RowsKept && kept.Sum(count => count.Lines) == rows.Lines
        // Of one that is left out beside one that is kept of the same line, the written file shows nothing.
        && duckDb.Scalar<long>($"select count(*) from {relation}", ct: cancellationToken) == rows.Account.RowsKept;

    /// <summary>Whether no two rows come from the same line, of one file: then the line alone orders them.</summary>
    private static bool IsOneLineEach(CanonicalTable table, TableAccount account, IReadOnlyList<RowCount> counts) =>
        table == CanonicalTable.Events && account is { RowsFrom.Count: 1, RowsAdded: 0 }
        && counts.Select(count => count.FirstFile).Concat(counts.Select(count => count.LastFile)).Distinct().Count() <= 1;

    /// <summary>Writes the rows that are kept, and returns how many they are.</summary>
    /// <param name="expected">How many they must be; null where that is not known yet.</param>
    private long Write(CanonicalTable table, string relation, IReadOnlyList<LakeColumn> given, string order, string path, long? expected)
    {
        var written = Run(
            table,
            () => duckDb.Execute($"copy (\n{SilverSql.Kept(relation, given)}\n{order}\n) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}", ct: cancellationToken));
        return expected is null || written == expected ? written : throw NotRepeatable(table, expected.Value, written);
    }

    private TaskFailedException NotRepeatable(CanonicalTable table, long first, long second) => new(
        $"{mapping.File}, silver.{table.Name}: the SQL yields {first} rows that are kept, and {second} when it runs again. "
        + "It must yield the same rows each time: order before a limit, and no random values.",
        retryable: false);

    /// <summary>Whether rows lie in the order of their lines, as they do where the SQL reads bronze and joins to it.</summary>
    private bool InLineOrder(string path) =>
        duckDb.Scalar<bool>(
            $"""
            select count(*) = 0
            from (
              select line, lag(line) over () as line_before
              from read_parquet({DuckDbSql.Literal(path)}, hive_partitioning = false)
            )
            where line <= line_before
            """,
            ct: cancellationToken);

    private void Sort(string path, string order)
    {
        var unsorted = $"{path}.unsorted";
        File.Move(path, unsorted);
        duckDb.Execute(
            $"""
            copy (
              select *
              from read_parquet({DuckDbSql.Literal(unsorted)}, hive_partitioning = false)
              order by {order}
            ) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}
            """,
            ct: cancellationToken);
        File.Delete(unsorted);
    }

    /// <summary>Of the rows that are kept, the values that were filled in, by column.</summary>
    private static Dictionary<string, long> Imputed(IReadOnlyList<RowCount> counts) =>
        counts.Where(count => count.Reason is null && count.Imputed is not null)
            .SelectMany(count => count.Imputed!.Split(',', StringSplitOptions.TrimEntries), (count, column) => (column, count.Rows))
            .GroupBy(filled => filled.column)
            .OrderBy(column => column.Key, StringComparer.Ordinal)
            .ToDictionary(column => column.Key, column => column.Sum(filled => filled.Rows), StringComparer.Ordinal);

    private (long Rows, decimal Lines) Fingerprint(string select) =>
        duckDb.QueryRows(
            $"""
            select count(*), coalesce(cast(sum(hash(file, line) >> 8) as varchar), '0')
            from ({select})
            """,
            row => (row.Get<long>(0), Sum(row.Get<string>(1))), ct: cancellationToken)[0];

    private static decimal Sum(string? hashes) => hashes is null ? 0 : (decimal)BigInteger.Parse(hashes);

    private IReadOnlyList<LakeColumn> Describe(string select) =>
        duckDb.QueryRows($"describe {select}", row => new LakeColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);

    private T Run<T>(CanonicalTable table, Func<T> statement)
    {
        try
        {
            return statement();
        }
        catch (DuckDbException failure) when (failure.Kind is not (DuckDbErrorKind.IO or DuckDbErrorKind.OutOfMemory))
        {
            throw new TaskFailedException($"{mapping.File}, silver.{table.Name}: {failure.Message}", FailureCause.BadData, retryable: false, innerException: failure);
        }
    }

    private TaskFailedException UnknownEntity(CanonicalTable table, string entity) => new(
        $"{mapping.File}, silver.{table.Name}.rowsFrom names '{entity}'; the entities of this source are {string.Join(", ", bronze.Keys)}.", retryable: false);

    /// <param name="Reason">Why rows are dropped; null for rows that are kept.</param>
    /// <param name="Imputed">Columns that were filled in, separated by commas; null where none was.</param>
    /// <param name="Lines">Sum of the hashes of (file, line).</param>
    private sealed record RowCount(string? Reason, string? Imputed, long Rows, decimal Lines, string? FirstFile, string? LastFile);
}
