using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A check each row passes or fails.</summary>
/// <param name="Scope">SQL condition of the rows it is about.</param>
/// <param name="Missing">SQL condition of rows it skips because the value is missing; null where it skips none.</param>
internal abstract record MapCheck(ExpectationConfiguration Expectation, string Statement, string Scope, string? Missing)
    : Check(Expectation, Statement)
{
    public override IReadOnlyList<string> Aggregates => [Count(Scope), Missing is null ? "0::bigint" : Count(SqlText.And(Scope, Missing))];

    /// <summary>SQL condition of the rows it looks at.</summary>
    public string Considered => Missing is null ? Scope : SqlText.And(Scope, $"not ({Missing})");

    /// <summary>As <see cref="Count"/>, over different values that each stand for <c>copies</c> rows.</summary>
    protected static string CountCopies(string condition) => $"coalesce(sum(copies){(condition == SqlText.True ? "" : $" filter (where {condition})")}, 0)::bigint";

    /// <summary>Twice as fast as <c>count(*) filter (where …)</c>, but null where there are no rows.</summary>
    protected static string Count(string condition) => condition == SqlText.True ? "count(*)" : $"coalesce(count_if({condition}), 0)::bigint";
}
