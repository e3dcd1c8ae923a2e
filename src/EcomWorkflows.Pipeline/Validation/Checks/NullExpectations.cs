using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about missing values. Here a null is the finding, so none is skipped.</summary>
internal static class NullExpectations
{
    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_column_values_to_not_be_null", true,
            [new("column", KwargKind.Text, Required: true), new("blank_is_null", KwargKind.Flag)], NotNull),
        new("expect_column_values_to_be_null", true,
            [new("column", KwargKind.Text, Required: true), new("blank_is_null", KwargKind.Flag)], Null),
    ];

    private static RowCheck NotNull(CheckBuilder check)
    {
        var column = check.Column();
        var id = DuckDbSql.Identifier(column);
        var found = BlankIsNull(check)
            ? $"case when {id} is null then 'is missing' else 'holds nothing but white space' end"
            : "'is missing'";
        return new RowCheck(
            check.Expectation, $"{column} is given{check.ScopeWords}", check.Scope, null, $"not ({IsMissing(check, id)})", SqlText.Json(column),
            $"{DuckDbSql.Literal(column + " ")} || {found} || {DuckDbSql.Literal(check.ScopeWords)}")
        {
            OnlyColumn = check.OnlyColumn(column),
            NoneFails = BlankIsNull(check) ? null : $"count({id}) = count(*)",
        };
    }

    private static RowCheck Null(CheckBuilder check)
    {
        var column = check.Column();
        return new RowCheck(
            check.Expectation, $"{column} is empty{check.ScopeWords}", check.Scope, null, IsMissing(check, DuckDbSql.Identifier(column)), SqlText.Json(column),
            $"{DuckDbSql.Literal($"{column} is ")} || {SqlText.Shown(column)} || {DuckDbSql.Literal($"; expected: empty{check.ScopeWords}")}")
        {
            OnlyColumn = check.OnlyColumn(column),
        };
    }

    /// <summary>White space is what Unicode calls so, no-break space included.</summary>
    private static string IsMissing(CheckBuilder check, string id) => BlankIsNull(check)
        ? $@"{id} is null or regexp_full_match({id}, '[\s\p{{Z}}]*')"
        : $"{id} is null";

    /// <summary>Only a text can be blank.</summary>
    private static bool BlankIsNull(CheckBuilder check) => check.Flag("blank_is_null") && check.Table.Find(check.Column())!.Type == "VARCHAR";
}
