using System.Text.RegularExpressions;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Great Expectations' UnexpectedRowsExpectation: free SQL whose rows are the failures.</summary>
internal static partial class QueryExpectations
{
    public const string UnexpectedRows = "unexpected_rows_expectation";

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new(UnexpectedRows, true, [new("unexpected_rows_query", KwargKind.Text, Required: true), new("description", KwargKind.Text)], Query),
    ];

    /// <summary>Names of the other tables a query refers to as <c>{name}</c>.</summary>
    public static IEnumerable<string> ReferencesOf(string query) =>
        Placeholder().Matches(query).Select(match => match.Groups[1].Value).Where(name => name != ValidatedTable.Batch);

    /// <remarks>The query selects from <c>{batch}</c> and keeps <c>_file</c> and <c>_line</c>; its other columns are what the report shows of a row.</remarks>
    private static SetCheck Query(CheckBuilder check)
    {
        var stated = check.Text("unexpected_rows_query")!;
        var query = Placeholder().Replace(stated, match => match.Groups[1].Value is ValidatedTable.Batch ? ValidatedTable.Batch : check.Reference(match.Groups[1].Value));
        var words = check.Text("description") ?? check.Expectation.Notes ?? $"no rows: {stated}";
        return new SetCheck(
            check.Expectation, words, check.Scope, null, Setup: null, Anything: null,
            FailingRows: $"""
                select
                  _file as file,
                  _line as line,
                  to_json(columns_of_row)::varchar as value,
                  {DuckDbSql.Literal("found by query; expected: " + words)} as message
                from (
                  select _file, _line, unexpected_row as columns_of_row
                  from (
                    {query}
                  ) as unexpected_row
                )
                """,
            Cleanup: null);
    }

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_.]*)\}")]
    private static partial Regex Placeholder();
}
