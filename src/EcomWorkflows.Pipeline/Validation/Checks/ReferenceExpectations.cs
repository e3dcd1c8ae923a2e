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
            [new("column", KwargKind.Text, Required: true), new("table", KwargKind.Text, Required: true), new("table_column", KwargKind.Text)], Exists),
    ];

    private static SetCheck Exists(CheckBuilder check)
    {
        var column = check.Column();
        var (table, other) = (check.Text("table")!, check.Text("table_column", column));
        var reference = check.Reference(table);
        var (id, otherId) = (DuckDbSql.Identifier(column), DuckDbSql.Identifier(other));
        var unknown = check.TemporaryName;
        var considered = SqlText.And(check.Scope, $"{id} is not null");
        return new SetCheck(
            check.Expectation, $"{column} is a {other} of {table}{check.ScopeWords}", check.Scope, $"{id} is null",
            Setup: $"""
                create temp table {unknown} as
                select distinct {id} as unknown_value
                from {ValidatedTable.Batch}
                where {considered}
                  and {id}::varchar not in (
                    select known.{otherId}::varchar
                    from {reference} as known
                    where known.{otherId} is not null
                  )
                """,
            Anything: $"select exists (select 1 from {unknown})",
            FailingRows: $"""
                select
                  _file as file,
                  _line as line,
                  {SqlText.Json(column)} as value,
                  {DuckDbSql.Literal($"{column} is ")} || {SqlText.Shown(column)} || {DuckDbSql.Literal($", which is no {other} of {table}")} as message
                from {ValidatedTable.Batch}
                where {considered}
                  and {id} in (select unknown_value from {unknown})
                """,
            Cleanup: $"drop table if exists {unknown}");
    }
}
