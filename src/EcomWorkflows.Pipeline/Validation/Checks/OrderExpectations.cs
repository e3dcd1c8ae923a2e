using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about values in the order of the rows as they came: by file, then line. Missing values are stepped over.</summary>
internal static class OrderExpectations
{
    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_column_values_to_be_increasing", true, [new("column", KwargKind.Text, Required: true), new("strictly", KwargKind.Flag)], check => Ordered(check, ">", "not smaller")),
        new("expect_column_values_to_be_decreasing", true, [new("column", KwargKind.Text, Required: true), new("strictly", KwargKind.Flag)], check => Ordered(check, "<", "not larger")),
    ];

    private static SetCheck Ordered(CheckBuilder check, string than, string words)
    {
        var column = check.Column();
        var id = DuckDbSql.Identifier(column);
        var strictly = check.Flag("strictly");
        var statement = $"{column} is {(strictly ? than == ">" ? "larger" : "smaller" : words)} than in the row before{check.ScopeWords}";
        return new SetCheck(
            check.Expectation, statement, check.Scope, $"{id} is null", Setup: null, Anything: null,
            FailingRows: $"""
                select
                  _file as file,
                  _line as line,
                  {SqlText.Json(column)} as value,
                  {DuckDbSql.Literal($"{column} is ")} || {SqlText.Shown(column)} || ' after ' || left(value_before::varchar, 200) as message
                from (
                  select _file, _line, {id}, lag({id}) over (order by _file, _line) as value_before
                  from {ValidatedTable.Batch}
                  where {SqlText.And(check.Scope, $"{id} is not null")}
                )
                where not ({id} {than}{(strictly ? "" : "=")} value_before)
                """,
            Cleanup: null);
    }
}
