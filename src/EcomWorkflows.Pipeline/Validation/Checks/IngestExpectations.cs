using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>What ingestion refused, as expectations: part of every result, so that nothing refused goes unseen. A suite may state one to set severity and <c>mostly</c>.</summary>
internal static class IngestExpectations
{
    public const string Prefix = "ingest:";

    private static readonly Dictionary<string, string> Statements = new(StringComparer.Ordinal)
    {
        ["parse_type"] = "every value can be read as its column's type",
        ["parse_columns"] = "every line has as many columns as the header",
        ["parse_encoding"] = "every line is valid in the declared encoding",
        ["parse_quote"] = "every quoted value is closed",
    };

    public static IReadOnlyList<string> Rules { get; } = [.. Statements.Keys];

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
        [.. Rules.Select(rule => new ExpectationDefinition(
            Prefix + rule, true, [], check => Compile(check.Expectation),
            kwargs => kwargs["row_condition"] is null ? null : "a refused line has no columns: \"row_condition\" cannot be used"))];

    /// <summary>The expectation of a rule where the suite states none: a finding warns, and the lines are in quarantine anyway.</summary>
    public static ExpectationConfiguration Default(string rule) =>
        new(0, Prefix + rule, [], ExpectationSeverity.Warning, FailingRows.Quarantine, rule, []);

    public static IngestCheck Compile(ExpectationConfiguration expectation)
    {
        var rule = expectation.Type[Prefix.Length..];
        // A refused line cannot be accepted: it never became a row. And its reason code is the rule's name, whatever the suite says of severity.
        return new IngestCheck(
            expectation with { FailingRows = FailingRows.Quarantine, Code = rule }, Statements.GetValueOrDefault(rule, $"ingestion finds no {rule}"), rule);
    }
}
