using System.Numerics;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;

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
            $"""
            create temp table {refused} as
            select distinct file, line
            from {quarantineScan ?? "(select null::varchar as file, null::bigint as line where false)"};

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
        var given = Run(table, () => Describe(select));
        sql.Check(given);
        Run(table, () => duckDb.Execute(sql.Stage(select, given), ct: cancellationToken));
        if (sql.DropRepeatedKeys(given) is { } dropRepeated)
            duckDb.Execute(dropRepeated, ct: cancellationToken);
        var dropped = DropReasons(sql.StagedName);
        var account = Account(table, sql.StagedName, dropped, SilverSql.TellsImputed(given) ? ImputedValues(sql.StagedName) : []);
        // What was staged makes room: later tables read the written file, of which a column costs no more than from memory.
        duckDb.Execute(
            $"""
            copy (
            {sql.Kept(OneLineEach(table, account, sql.StagedName), InLineOrder(sql.StagedName, given), given)}
            ) to {DuckDbSql.Literal(path)} {ParquetFormat.Options};

            drop table {sql.StagedName};

            create temp view {SilverSql.SilverName(table.Name)} as
            select *
            from read_parquet({DuckDbSql.Literal(path)}, hive_partitioning = false)
            """,
            ct: cancellationToken);
        return new SilverTableResult(table, account, Describe($"select * from {SilverSql.SilverName(table.Name)}"), path);
    }

    private TableAccount Account(CanonicalTable table, string staged, Dictionary<string, long> dropped, Dictionary<string, long> imputed)
    {
        var from = mapping.Silver[table.Name].RowsFrom ?? [];
        var total = duckDb.Scalar<long>($"select count(*) from {staged}", ct: cancellationToken);
        var expected = from.Select(entity => bronze.TryGetValue(entity, out var rows) ? rows : throw UnknownEntity(table, entity)).ToArray();
        var rowsIn = expected.Sum(e => e.Account.RowsKept);
        if (from.Count > 0)
            CheckNothingLost(table, staged, rowsIn, expected.Sum(e => e.Lines));
        return new TableAccount(table.Name, from, rowsIn, dropped, imputed, total - rowsIn, total - dropped.Values.Sum(), SnapshotId: 0);
    }

    /// <summary>Every validated row of the entities must be staged: kept, or with a reason.</summary>
    private void CheckNothingLost(CanonicalTable table, string staged, long rowsIn, decimal lines)
    {
        var one = Fingerprint($"select file, line from {staged}");
        if (one.Rows == rowsIn && one.Lines == lines)
            return;
        // More rows than came in is allowed (a return beside its purchase), so what counts is the different lines.
        var distinct = Fingerprint($"select distinct file, line from {staged}");
        if (distinct.Rows != rowsIn || distinct.Lines != lines)
            throw new TaskFailedException(
                $"{mapping.File}, silver.{table.Name}: {rowsIn} rows of {string.Join(", ", mapping.Silver[table.Name].RowsFrom!)} came in, but the SQL yields rows of {distinct.Rows} of them. "
                + $"Do not filter rows out: give them a reason in the column '{SilverSql.Drop}', so that they are counted.",
                retryable: false);
    }

    private bool OneLineEach(CanonicalTable table, TableAccount account, string staged) =>
        table == CanonicalTable.Events && account is { RowsFrom.Count: 1, RowsAdded: 0 }
        && duckDb.Scalar<bool>($"select coalesce(min(file) = max(file), true) from {staged}", ct: cancellationToken);

    /// <summary>Whether the rows that are kept lie in the order of their lines already, as they do where the SQL reads bronze and joins to it.</summary>
    private bool InLineOrder(string staged, IReadOnlyList<LakeColumn> columns) =>
        columns.Any(column => column.Name == "line")
        && duckDb.Scalar<bool>(
            $"""
            select count(*) = 0
            from (
              select line, lag(line) over () as line_before
              from {staged}
              where {SilverSql.Drop} is null
            )
            where line <= line_before
            """,
            ct: cancellationToken);

    private (long Rows, decimal Lines) Fingerprint(string select) =>
        duckDb.QueryRows(
            $"""
            select count(*), coalesce(cast(sum(hash(file, line) >> 8) as varchar), '0')
            from ({select})
            """,
            row => (row.Get<long>(0), (decimal)BigInteger.Parse(row.Get<string>(1))), ct: cancellationToken)[0];

    private Dictionary<string, long> DropReasons(string staged) =>
        duckDb.QueryRows(
            $"""
            select {SilverSql.Drop}, count(*)
            from {staged}
            where {SilverSql.Drop} is not null
            group by all
            order by all
            """,
            row => KeyValuePair.Create(row.Get<string>(0), row.Get<long>(1)), ct: cancellationToken).ToDictionary(StringComparer.Ordinal);

    private Dictionary<string, long> ImputedValues(string staged) =>
        duckDb.QueryRows(
            $"""
            select column_name, count(*)
            from (
              select trim(unnest(string_split({SilverSql.Imputed}, ','))) as column_name
              from {staged}
              where {SilverSql.Drop} is null
                and {SilverSql.Imputed} is not null
            )
            group by all
            order by all
            """,
            row => KeyValuePair.Create(row.Get<string>(0), row.Get<long>(1)), ct: cancellationToken).ToDictionary(StringComparer.Ordinal);

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
}
