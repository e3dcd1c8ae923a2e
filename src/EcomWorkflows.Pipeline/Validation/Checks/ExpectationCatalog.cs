using System.Collections.Frozen;
using EcomWorkflows.Pipeline.Validation.RowRules;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Every expectation type this program knows.</summary>
internal static class ExpectationCatalog
{
    private static readonly FrozenDictionary<string, ExpectationDefinition> ByType = new[]
    {
        TableExpectations.All, NullExpectations.All, ValueExpectations.All, PatternExpectations.All, OrderExpectations.All, KeyExpectations.All,
        CrossColumnExpectations.All, AggregateExpectations.All, DistinctValueExpectations.All, DistributionExpectations.All, HistoryExpectations.All, ReferenceExpectations.All, QueryExpectations.All, ValidatorExpectations.All, IngestExpectations.All,
    }.SelectMany(definitions => definitions).ToFrozenDictionary(definition => definition.Type, StringComparer.Ordinal);

    public static IReadOnlyList<string> Types { get; } = [.. ByType.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The definition of a type, also by Great Expectations' class name where that is how its users write it.</summary>
    public static ExpectationDefinition? Find(string type) =>
        ByType.GetValueOrDefault(type == "UnexpectedRowsExpectation" ? QueryExpectations.UnexpectedRows : type);
}
