using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Finds which other tables a suite's expectations look at.</summary>
internal static class ReferredTables
{
    /// <summary>Names as the suite writes them: an entity of the same source, or <c>layer.source.table</c>.</summary>
    public static IEnumerable<string> Of(ExpectationSuite suite) => suite.Expectations
        .SelectMany(expectation => new[] { expectation.Kwargs["table"], expectation.Kwargs["other_table_name"], expectation.Kwargs["reference_table"] }
            .OfType<System.Text.Json.Nodes.JsonNode>().Select(name => name.ToString())
            .Concat(QueryExpectations.ReferencesOf(expectation.Kwargs["unexpected_rows_query"]?.ToString() ?? "")))
        .Distinct(StringComparer.Ordinal);

    /// <summary>Whether an expectation compares with the snapshot of the run before.</summary>
    public static bool LooksBack(ExpectationSuite suite) => suite.Expectations.Any(expectation =>
        DistributionExpectations.Types.Contains(expectation.Type) && expectation.Kwargs["partition_object"] is null
        && expectation.Kwargs["reference_table"]?.ToString() is null or ReferenceDistributions.Previous);
}
