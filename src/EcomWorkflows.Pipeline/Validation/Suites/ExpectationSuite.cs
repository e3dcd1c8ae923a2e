using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>What a table's rows are expected to be like: the content of <c>workflows/expectations/{name}.json</c>.</summary>
/// <param name="File">File it was read from; empty for the suite of an entity that has none.</param>
public sealed record ExpectationSuite(string Name, string File, IReadOnlyList<ExpectationConfiguration> Expectations, JsonObject Meta)
{
    /// <summary>Values of the run that took the place of references.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}
