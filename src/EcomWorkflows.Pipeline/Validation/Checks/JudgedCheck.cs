using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A check whose figures come from the one counting pass and are then judged by statistics that SQL does not have.</summary>
/// <param name="Figures">SQL aggregates over the table.</param>
/// <param name="Judge">Pure: the figures' values to the judgement.</param>
internal sealed record JudgedCheck(ExpectationConfiguration Expectation, string Statement, IReadOnlyList<string> Figures, Func<IReadOnlyList<object?>, Judgement> Judge)
    : Check(Expectation, Statement)
{
    public override IReadOnlyList<string> Aggregates => Figures;
}
