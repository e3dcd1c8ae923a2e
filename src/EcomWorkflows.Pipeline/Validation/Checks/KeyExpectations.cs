using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about values that may occur once only.</summary>
/// <remarks>
/// Great Expectations counts every row of a repeated key. Here <c>keep</c> says which row of it is right: <c>first</c> (default), <c>last</c>
/// or <c>none</c>; the others fail.
/// </remarks>
internal static class KeyExpectations
{
    private static readonly Kwarg Keep = new("keep", KwargKind.Text, Choices: ["first", "last", "none"]);

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_column_values_to_be_unique", true, [new("column", KwargKind.Text, Required: true), Keep], check => Unique(check, [check.Column()])),
        new("expect_compound_columns_to_be_unique", true,
            [
                new("column_list", KwargKind.TextList, Required: true), Keep,
                new("ignore_row_if", KwargKind.Text, Choices: ["all_values_are_missing", "any_value_is_missing", "never"]),
            ],
            check => Unique(check, check.Columns())),
    ];

    /// <summary>
    /// The first pass sees only a 64-bit hash of each key; rows whose hash may occur twice are then compared by value.
    /// </summary>
    private static SetCheck Unique(CheckBuilder check, IReadOnlyList<string> columns)
    {
        var key = SqlText.Identifiers(columns);
        var missing = CrossColumnExpectations.Ignored(check, columns);
        var considered = missing is null ? check.Scope : SqlText.And(check.Scope, $"not ({missing})");
        var hashes = check.TemporaryName;
        var keep = check.Text("keep", "first");
        var order = keep == "last" ? "_file desc, _line desc" : "_file, _line";
        var kept = keep == "none" ? "'; it occurs ' || copies || ' times'" : "'; kept: ' || kept_file || ' line ' || kept_line";
        var words = $"{string.Join(", ", columns)} {(columns.Count == 1 ? "is unique" : "are unique together")}";
        var found = string.Join(" || ', ' || ", columns.Take(4).Select(column => $"{DuckDbSql.Literal($"{column} = ")} || {SqlText.Shown(column)}"));
        return new SetCheck(
            check.Expectation, words + check.ScopeWords, check.Scope, missing,
            Setup: null,
            Anything: $"select exists (select 1 from {hashes})",
            FailingRows: $"""
                with candidate as (
                  select *
                  from {ValidatedTable.Batch}
                  where {considered}
                    and hash({key}) in (select key_hash from {hashes})
                ),
                numbered as (
                  select
                    *,
                    row_number() over occurrence as occurrence_number,
                    count(*) over (partition by {key}) as copies,
                    first_value(_file) over occurrence as kept_file,
                    first_value(_line) over occurrence as kept_line
                  from candidate
                  window occurrence as (partition by {key} order by {order})
                )
                select
                  _file as file,
                  _line as line,
                  {(columns.Count == 1 ? SqlText.Json(columns[0]) : SqlText.Json(columns))} as value,
                  'repeated: ' || {found}{(columns.Count > 4 ? " || ', …'" : "")} || {kept} as message
                from numbered
                where {(keep == "none" ? "copies > 1" : "occurrence_number > 1")}
                """,
            Cleanup: $"drop table if exists {hashes}")
        {
            Hashes = $"select hash({key}) from {ValidatedTable.Batch} where {considered}",
            RepeatedHashes = hashes,
        };
    }
}
