using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about another table; ours, as Great Expectations has none that compares values across tables.</summary>
internal static class ReferenceExpectations
{
    public const string ExistInTable = "expect_column_values_to_exist_in_table";

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new(ExistInTable, true,
            [new("column", KwargKind.Text, Required: true), new("table", KwargKind.Text, Required: true), new("table_column", KwargKind.Text)],
            check => Exist(check, [check.Column()], [check.Text("table_column", check.Column())])),
        new("expect_compound_columns_to_exist_in_table", true,
            [new("column_list", KwargKind.TextList, Required: true), new("table", KwargKind.Text, Required: true), new("table_column_list", KwargKind.TextList)],
            check => Exist(check, check.Columns(), Others(check)),
            kwargs => kwargs["table_column_list"] is { } others && others.AsArray().Count != kwargs["column_list"]!.AsArray().Count
                ? "\"table_column_list\" names one column for each of \"column_list\""
                : null),
    ];

    private static IReadOnlyList<string> Others(CheckBuilder check) =>
        check.Kwargs["table_column_list"] is { } others ? [.. others.AsArray().Select(column => column!.GetValue<string>())] : check.Columns();

    /// <summary>Values are compared as texts, since the same key is often typed differently in two tables. A key with a missing part is skipped.</summary>
    private static SetCheck Exist(CheckBuilder check, IReadOnlyList<string> columns, IReadOnlyList<string> others)
    {
        var table = check.Text("table")!;
        var reference = check.Reference(table);
        var unknown = check.TemporaryName;
        var missing = string.Join(" or ", columns.Select(column => $"{DuckDbSql.Identifier(column)} is null"));
        var considered = SqlText.And(check.Scope, $"not ({missing})");
        var key = columns.Count == 1 ? $"{DuckDbSql.Identifier(columns[0])}::varchar" : $"[{string.Join(", ", columns.Select(column => $"{DuckDbSql.Identifier(column)}::varchar"))}]";
        var otherKey = others.Count == 1
            ? $"known.{DuckDbSql.Identifier(others[0])}::varchar"
            : $"[{string.Join(", ", others.Select(column => $"known.{DuckDbSql.Identifier(column)}::varchar"))}]";
        var found = string.Join(" || ', ' || ", columns.Select(column => $"{DuckDbSql.Literal($"{column} is ")} || {SqlText.Shown(column)}"));
        var words = $"{string.Join(", ", columns)} is {(columns.Count == 1 ? $"a {others[0]}" : $"a key ({string.Join(", ", others)})")} of {table}";
        return new SetCheck(
            check.Expectation, words + check.ScopeWords, check.Scope, missing,
            Setup: $"""
                create temp table {unknown} as
                select distinct {key} as unknown_key
                from {ValidatedTable.Batch}
                where {considered}
                  and {key} not in (
                    select {otherKey}
                    from {reference} as known
                    where {string.Join(" and ", others.Select(column => $"known.{DuckDbSql.Identifier(column)} is not null"))}
                  )
                """,
            Anything: $"select exists (select 1 from {unknown})",
            FailingRows: $"""
                select
                  _file as file,
                  _line as line,
                  {(columns.Count == 1 ? SqlText.Json(columns[0]) : SqlText.Json(columns))} as value,
                  {found} || {DuckDbSql.Literal($", which is no {(columns.Count == 1 ? others[0] : "key")} of {table}")} as message
                from {ValidatedTable.Batch}
                where {considered}
                  and {key} in (select unknown_key from {unknown})
                """,
            Cleanup: $"drop table if exists {unknown}");
    }
}
