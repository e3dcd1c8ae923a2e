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

    /// <summary>SQL condition of the rows that fail.</summary>
    public string Failing => KnownWhenGiven ? SqlText.And(Scope, $"not ({Good})") : SqlText.And(Considered, $"({Good}) is not true");

    public override IReadOnlyList<string> Aggregates => [.. base.Aggregates, Count(Failing)];
}
