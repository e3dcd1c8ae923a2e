using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Finds which other tables a suite's expectations look at.</summary>
internal static class ReferredTables
{
    /// <summary>Names as the suite writes them: an entity of the same source, or <c>layer.source.table</c>.</summary>
    public static IEnumerable<string> Of(ExpectationSuite suite) => suite.Expectations
        .SelectMany(expectation => new[] { expectation.Kwargs["table"], expectation.Kwargs["other_table_name"] }
            .OfType<System.Text.Json.Nodes.JsonNode>().Select(name => name.ToString())
            .Concat(QueryExpectations.ReferencesOf(expectation.Kwargs["unexpected_rows_query"]?.ToString() ?? "")))
        .Distinct(StringComparer.Ordinal);
}
