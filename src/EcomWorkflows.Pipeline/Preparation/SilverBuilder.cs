using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Builds the silver tables of one source in one DuckDB connection, and accounts for every row.</summary>
/// <param name="writer">Of the same database.</param>
internal sealed class SilverBuilder(DuckDbConnection duckDb, SourceMapping mapping, SilverWriter writer, CancellationToken cancellationToken)
{
    private Dictionary<string, BronzeRows> bronze = new(StringComparer.Ordinal);

    public IEnumerable<EntityAccount> Entities => bronze.Values.Select(b => b.Account);

    /// <summary>A builder of the same tables over another connection to the same database, for another thread.</summary>
    public SilverBuilder Over(DuckDbConnection other) => new(other, mapping, writer, cancellationToken) { bronze = bronze };

    /// <summary>Makes an entity's bronze rows minus its quarantine readable for the mapping's SQL.</summary>
    /// <param name="bronzeScan">Table expression with the columns <c>_file</c> and <c>_line</c>.</param>
    /// <param name="quarantineScan">Table expression with the columns <c>file</c> and <c>line</c>; null where nothing was quarantined.</param>
    /// <param name="files">Names of the files the rows come from; none where they are not known.</param>
    /// <param name="largest">Path of the largest of its files; null where it has none.</param>
    public void AddBronze(string entity, string bronzeScan, string? quarantineScan, IReadOnlyList<string> files, string? largest)
    {
        var name = SilverSql.BronzeName(entity);
        // What is the same in all rows is neither read nor hashed for each of them.
        if (files is [var file])
            bronzeScan = $"(select * replace ({DuckDbSql.Literal(file)} as _file) from {bronzeScan})";
        if (quarantineScan is null)
        {
            duckDb.Execute($"create view {name} as select * from {bronzeScan}", ct: cancellationToken);
        }
        else
        {
            var refused = $"refused_{entity}";
            duckDb.Execute(
                $"""
                create table {refused} as
                select distinct file, line
                from {quarantineScan}
                """,
                ct: cancellationToken);
            duckDb.Execute(
                $"""
                create view {name} as
                select * exclude (_refused)
                from ({RowSet.Mark(duckDb, bronzeScan, refused, "_refused", cancellationToken)})
                where not _refused
                """,
                ct: cancellationToken);
        }
        var all = duckDb.Scalar<long>($"select count(*) from {bronzeScan}", ct: cancellationToken);
        var kept = PlaceCount.Of(duckDb, $"select _file as file, _line as line from {name}", cancellationToken);
        bronze[entity] = new BronzeRows(new EntityAccount(entity, all, all - kept.Rows, kept.Rows), kept, files, largest);
    }

    /// <summary>Finds the repeated rows the mapping asks for. To be done once, after the bronze rows were added and before anything is built.</summary>
    /// <exception cref="TaskFailedException">The mapping names an entity or a column there is not.</exception>
    public void FindRepeated()
    {
        foreach (var table in CanonicalTable.All)
        {
            var sql = new SilverSql(mapping, table);
            foreach (var (name, entity, columns) in sql.Repeated())
            {
                FindRepeated(name, entity, columns);
                duckDb.Execute($"create view {sql.MarkedName(entity)} as {RowSet.Mark(duckDb, SilverSql.BronzeName(entity), name, "_repeated", cancellationToken)}", ct: cancellationToken);
            }
        }
    }

    /// <summary>Builds one table and writes it.</summary>
    /// <param name="threads">How many DuckDB may use, for all that runs on the database meanwhile.</param>
    /// <exception cref="TaskFailedException">The mapping's SQL does not run, does not yield the canonical columns, or loses rows.</exception>
    public SilverTableResult Build(CanonicalTable table, string path, int threads)
    {
        var sql = new SilverSql(mapping, table);
        var select = sql.Select();
        var given = Run(table, () => Describe(select));
        sql.Check(given);
        duckDb.Execute($"set threads = {threads}", ct: cancellationToken);
        var account = Write(table, $"(\n{sql.RowsInOrder(select, given)}\n)", sql, given, path);
        if (table.Key is not null && !HasEachKeyOnce(path, table.Key))
            account = Write(table, WithoutRepeatedKeys(table, sql, select, given), sql, given, path);
        duckDb.Execute(
            $"""
            drop table if exists {sql.StagedName};

            create view {SilverSql.SilverName(table.Name)} as
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
        var repeated = RepeatedHashes.Find(
            duckDb, $"select hash({columns}) from {SilverSql.BronzeName(entity)}", hashes, bronze[entity].Account.RowsKept, cancellationToken);
        duckDb.Execute(
            repeated == 0
                ? $"create table {name} (file varchar, line bigint)"
                : $"""
                  create table {name} as
                  select file, line
                  from (
                    select _file as file, _line as line, row_number() over (partition by {columns} order by _file, _line) as occurrence_number
                    from {SilverSql.BronzeName(entity)}
                    where hash({columns}) in (select key_hash from {hashes})
                  )
                  where occurrence_number > 1
                  """,
            ct: cancellationToken);
        duckDb.Execute($"drop table {hashes}", ct: cancellationToken);
    }

    /// <summary>Whether a table that was written in the order of its key has no two rows of the same.</summary>
    private bool HasEachKeyOnce(string path, string key)
    {
        var before = new byte[256];
        var length = -1;
        using var reader = duckDb.Query($"select {key} from read_parquet({DuckDbSql.Literal(path)}, hive_partitioning = false)", ct: cancellationToken);
        while (reader.Read())
        {
            var found = reader.GetBytes(0);
            if (length >= 0 && found.SequenceCompareTo(before.AsSpan(0, length)) <= 0)
                return false;
            length = found.Length;
            if (length > before.Length)
                before = new byte[2 * length];
            found.CopyTo(before);
        }
        return true;
    }

    private string WithoutRepeatedKeys(CanonicalTable table, SilverSql sql, string select, IReadOnlyList<LakeColumn> given)
    {
        Run(table, () => duckDb.Execute(sql.Stage(sql.RowsInOrder(select, given)), ct: cancellationToken));
        duckDb.Execute(sql.DropRepeatedKeys(given), ct: cancellationToken);
        return sql.StagedName;
    }

    private TableAccount Write(CanonicalTable table, string relation, SilverSql sql, IReadOnlyList<LakeColumn> given, string path)
    {
        var from = mapping.Silver[table.Name].RowsFrom ?? [];
        var expected = from.Select(entity => bronze.TryGetValue(entity, out var rows) ? rows : throw UnknownEntity(table, entity)).ToArray();
        var places = expected.Aggregate(default(RowPlaces), (sum, rows) => sum + rows.Places);
        var files = expected.All(e => e.Files.Count > 0) ? expected.SelectMany(e => e.Files).Distinct(StringComparer.Ordinal).ToList() : [];
        var written = Run(table, () => Write(table, relation, sql, given, files, path, Format(expected)));
        if (from.Count > 0 && written.Places != places)
            CheckNothingLost(table, relation, places);
        // Where no two rows come from the same line, of one file, the line alone orders them.
        var isOneLineEach = table == CanonicalTable.Events && from.Count == 1 && written.Places.Rows == places.Rows && written.IsOneFile;
        if (table.Key is null && !(isOneLineEach && IsInLineOrder(path)))
            Sort(path, isOneLineEach ? "line" : string.Join(", ", table.Order));
        return new TableAccount(table.Name, from, places.Rows, written.Dropped, Imputed(written), written.Places.Rows - places.Rows, written.Kept, SnapshotId: 0);
    }

    /// <summary>Rows are packed as those they are made of: what packing does not save there it hardly saves here.</summary>
    private string Format(IReadOnlyList<BronzeRows> from) =>
        from.MaxBy(rows => rows.Places.Rows)?.Largest is { } largest ? ParquetFormat.Like(duckDb, largest, cancellationToken) : ParquetFormat.Options;

    /// <param name="files">The files the rows should come from.</param>
    private WrittenRows Write(CanonicalTable table, string relation, SilverSql sql, IReadOnlyList<LakeColumn> given, IReadOnlyList<string> files, string path, string format)
    {
        try
        {
            return writer.Write(duckDb, table, relation, SilverSql.Account(given), sql.Columns(given, files), path, format, cancellationToken);
        }
        catch (DuckDbException failure) when (failure.Kind == DuckDbErrorKind.Conversion && files.Count > 0)
        {
            // The SELECT may name other files: then the rows are written all the same, and what they are is found out by counting them.
            return writer.Write(duckDb, table, relation, SilverSql.Account(given), sql.Columns(given, []), path, format, cancellationToken);
        }
    }

    /// <summary>Every validated row of the entities must come out: kept, or with a reason. More rows than came in are allowed (a return beside its purchase).</summary>
    private void CheckNothingLost(CanonicalTable table, string relation, RowPlaces expected)
    {
        var distinct = Run(table, () => PlaceCount.Of(duckDb, $"select distinct file, line from {relation}", cancellationToken));
        if (distinct != expected)
            throw new TaskFailedException(
                $"{mapping.File}, silver.{table.Name}: {expected.Rows} rows of {string.Join(", ", mapping.Silver[table.Name].RowsFrom!)} came in, but the SQL yields rows of {distinct.Rows} of them. "
                + $"Do not filter rows out: give them a reason in the column '{SilverSql.Drop}', so that they are counted.",
                retryable: false);
    }

    private bool IsInLineOrder(string path)
    {
        var before = long.MinValue;
        using var reader = duckDb.Query($"select line from read_parquet({DuckDbSql.Literal(path)}, hive_partitioning = false)", ct: cancellationToken);
        while (reader.NextChunk())
        {
            foreach (var line in reader.Column<long>(0))
            {
                if (line <= before)
                    return false;
                before = line;
            }
        }
        return true;
    }

    private void Sort(string path, string order)
    {
        var unsorted = $"{path}.unsorted";
        File.Move(path, unsorted);
        try
        {
            duckDb.Execute(
                $"""
                copy (
                  select *
                  from read_parquet({DuckDbSql.Literal(unsorted)}, hive_partitioning = false)
                  order by {order}
                ) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}
                """,
                ct: cancellationToken);
        }
        finally
        {
            // What filled the disk must not go on filling it.
            File.Delete(unsorted);
        }
    }

    /// <summary>Of the rows that are kept, the values that were filled in, by column.</summary>
    private static Dictionary<string, long> Imputed(WrittenRows written) =>
        written.Imputed
            .SelectMany(filled => filled.Key.Split(',', StringSplitOptions.TrimEntries), (filled, column) => (column, filled.Value))
            .GroupBy(filled => filled.column)
            .OrderBy(column => column.Key, StringComparer.Ordinal)
            .ToDictionary(column => column.Key, column => column.Sum(filled => filled.Value), StringComparer.Ordinal);

    private IReadOnlyList<LakeColumn> Describe(string select) =>
        duckDb.QueryRows($"describe {select}", row => new LakeColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);

    private T Run<T>(CanonicalTable table, Func<T> statement)
    {
        try
        {
            return statement();
        }
        catch (DuckDbException failure) when (failure.Kind is not (DuckDbErrorKind.IO or DuckDbErrorKind.OutOfMemory or DuckDbErrorKind.Interrupt))
        {
            throw new TaskFailedException($"{mapping.File}, silver.{table.Name}: {failure.Message}", FailureCause.BadData, retryable: false, innerException: failure);
        }
    }

    private TaskFailedException UnknownEntity(CanonicalTable table, string entity) => new(
        $"{mapping.File}, silver.{table.Name}.rowsFrom names '{entity}'; the entities of this source are {string.Join(", ", bronze.Keys)}.", retryable: false);
}
