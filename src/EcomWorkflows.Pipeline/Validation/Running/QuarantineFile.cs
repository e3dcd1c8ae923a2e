using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Writes the quarantined rows and refused lines as Parquet: file, line, rules, messages (in step with rules), and the record as it came.</summary>
/// <remarks>Where the raw file cannot say how a record came, its values as JSON stand for it.</remarks>
internal static class QuarantineFile
{
    public static IReadOnlyList<TableColumn> Columns { get; } =
        [new("file", "VARCHAR"), new("line", "BIGINT"), new("rules", "VARCHAR[]"), new("messages", "VARCHAR[]"), new("raw", "VARCHAR")];

    /// <param name="rejects">Table expression of what ingestion refused; null where there is no such table.</param>
    public static void Write(DuckDbConnection duck, ValidatedTable table, string? rejects, ValidationResult result, string file, CancellationToken cancellationToken)
    {
        OriginalRecords.Create(duck, cancellationToken);
        var codes = result.Expectations.Index()
            .Where(e => e.Item.Expectation.FailingRows == FailingRows.Quarantine)
            .Select(e => $"({e.Index}, {DuckDbSql.Literal(e.Item.Expectation.Code)})")
            .DefaultIfEmpty("(-1, '')");
        var rows = HasAll(duck, rejects, result, cancellationToken) ? $"(from {ValidatedTable.Batch} limit 0)" : ValidatedTable.Batch;
        var raw = table.Columns.Count == 0 ? "null" : SqlText.Json(table.Columns.Select(column => column.Name));
        duck.Execute(
            $"""
            copy (
              with code (ordinal, code) as (values {string.Join(", ", codes)}),
              -- Sorting each row's short list afterwards is several times faster than an ordered aggregate.
              found as (
                select
                  file,
                  line,
                  list_sort(list(struct_pack(ordinal := ordinal, code := code, message := message))) as reasons
                from {FailingRowTable.Name}
                join code using (ordinal)
                group by file, line
              ),
              reason as (
                select
                  file,
                  line,
                  list_transform(reasons, lambda reason: reason.code) as rules,
                  list_transform(reasons, lambda reason: reason.message) as messages
                from found
              ),
              landed as (
                select
                  _file as file,
                  _line as line,
                  {raw} as raw
                from {rows}
                where exists (
                  select 1
                  from reason
                  where reason.file = _file
                    and reason.line = _line
                )
              ),
              refused as (
                select file, line, any_value(raw) as raw
                from {rejects ?? "(select null::varchar as file, null::bigint as line, null::varchar as raw where false)"}
                group by file, line
              )
              select file, line, rules, messages, coalesce(original.raw, landed.raw, refused.raw) as raw
              from reason
              left join {OriginalRecords.Table} as original using (file, line)
              left join landed using (file, line)
              left join refused using (file, line)
              order by file, line
            ) to {DuckDbSql.Literal(file)} (format parquet, compression zstd)
            """, ct: cancellationToken);
    }

    /// <summary>Whether it is known of all rows how they were delivered: their values then need not be read.</summary>
    private static bool HasAll(DuckDbConnection duck, string? rejects, ValidationResult result, CancellationToken cancellationToken) => duck.Scalar<bool>(
        $"""
        select not exists (
          select file, line
          from {FailingRowTable.Name}
          where ordinal in ({SuiteRun.QuarantinedOrdinals(result.Expectations)})
          except (
            select file, line
            from {OriginalRecords.Table}
            union all
            select file, line
            from {rejects ?? "(select null::varchar as file, null::bigint as line where false)"}
          )
        )
        """, ct: cancellationToken);
}
