using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A check that needs other rows: keys, references, free SQL.</summary>
/// <param name="Setup">Creates what <paramref name="FailingRows"/> needs; null where nothing.</param>
/// <param name="Anything">SELECT of one boolean: whether there can be failing rows at all; null means always look.</param>
/// <param name="FailingRows">SELECT of (file, line, value, message) of the rows that fail.</param>
/// <param name="Cleanup">Drops what the setup created.</param>
internal sealed record SetCheck(
    ExpectationConfiguration Expectation, string Statement, string Scope, string? Missing, string? Setup, string? Anything, string FailingRows, string? Cleanup)
    : MapCheck(Expectation, Statement, Scope, Missing)
{
    /// <summary>SELECT of one hash per row, where <see cref="FailingRows"/> looks only at rows whose hash is repeated; null where it needs none. It reads nothing that the setup makes.</summary>
    public string? Hashes { get; init; }

    /// <summary>Name of the table with the repeated ones, see <see cref="Statistics.RepeatedHashes"/>.</summary>
    public string? RepeatedHashes { get; init; }
}
