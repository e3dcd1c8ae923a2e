using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>An expectation type: what it takes and how it is compiled.</summary>
/// <param name="HasRows">Whether single rows fail it, so that they can be quarantined.</param>
/// <param name="Demand">What its arguments must satisfy together: a message, or null when they do.</param>
internal sealed record ExpectationDefinition(
    string Type, bool HasRows, IReadOnlyList<Kwarg> Kwargs, Func<CheckBuilder, Check> Compile, Func<JsonObject, string?>? Demand = null)
{
    /// <summary>Its own arguments and those it shares with others of its kind.</summary>
    public IReadOnlyList<Kwarg> AllKwargs { get; } = [.. Kwargs, .. HasRows ? Kwarg.OfRows : []];
}
