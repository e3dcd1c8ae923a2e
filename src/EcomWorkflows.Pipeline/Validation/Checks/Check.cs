using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>An expectation compiled for one table.</summary>
/// <param name="Statement">What is expected, in words.</param>
internal abstract record Check(ExpectationConfiguration Expectation, string Statement)
{
    /// <summary>Aggregate expressions over the table that it takes from the one counting pass.</summary>
    public abstract IReadOnlyList<string> Aggregates { get; }
}
