using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>How many lines ingestion refused under one rule: they never became rows, so they are counted from the rejects table.</summary>
/// <param name="Rule">Value of <c>rejects.rule</c>.</param>
internal sealed record IngestCheck(ExpectationConfiguration Expectation, string Statement, string Rule)
    : Check(Expectation, Statement)
{
    public override IReadOnlyList<string> Aggregates => ["count(*)"];
}
