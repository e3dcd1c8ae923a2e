using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A check of one figure about the whole table.</summary>
/// <param name="Observed">SQL aggregate: the figure.</param>
/// <param name="Good">SQL condition over it; not true (also unknown) fails.</param>
internal sealed record AggregateCheck(ExpectationConfiguration Expectation, string Statement, string Observed, string Good)
    : Check(Expectation, Statement)
{
    public override IReadOnlyList<string> Aggregates => [$"to_json({Observed})::varchar", $"coalesce({Good}, false)"];
}
