using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A check that needs nothing but the row itself.</summary>
/// <param name="Good">SQL condition of a good row; a row where it is not true fails.</param>
/// <param name="Value">SQL text expression: the value that fails, as JSON.</param>
/// <param name="Message">SQL text expression: what is wrong with the row.</param>
internal sealed record RowCheck(
    ExpectationConfiguration Expectation, string Statement, string Scope, string? Missing, string Good, string Value, string Message)
    : MapCheck(Expectation, Statement, Scope, Missing)
{
    /// <summary>Whether <see cref="Good"/> is unknown for missing values only; then "not good" alone finds the failing rows, at half the cost.</summary>
    public bool KnownWhenGiven { get; init; }

    /// <summary>The column whose value alone decides; null where the check looks at more of the row.</summary>
    public string? OnlyColumn { get; init; }

    /// <summary>
    /// SQL aggregate that is true only where no row fails, from figures that many checks share (the column's smallest and largest value); null where there is no such short cut.
    /// Then the rows need no counting.
    /// </summary>
    public string? NoneFails { get; init; }

    /// <summary>SQL condition of the rows that fail.</summary>
    public string Failing => KnownWhenGiven ? SqlText.And(Scope, $"not ({Good})") : SqlText.And(Considered, $"({Good}) is not true");

    /// <summary>SQL aggregate: how many rows fail.</summary>
    public string FailingCount => Count(Failing);

    /// <summary>The same figures as <see cref="Aggregates"/>, over the different values of <see cref="OnlyColumn"/>.</summary>
    public IReadOnlyList<string> AggregatesOverValues =>
        [CountCopies(Scope), Missing is null ? "0::bigint" : CountCopies(SqlText.And(Scope, Missing)), CountCopies(Failing)];

    public override IReadOnlyList<string> Aggregates => [.. base.Aggregates, FailingCount];
}
