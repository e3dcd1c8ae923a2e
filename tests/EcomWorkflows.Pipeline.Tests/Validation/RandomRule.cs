using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>An expectation, and the same rule written naively: which rows it skips as missing and which rows are good.</summary>
/// <param name="Good">Given the row, the rows in scope in file order, and the rows of the other table.</param>
internal sealed record RandomRule(
    string Type, JsonObject Kwargs, Func<RandomRow, bool> Missing, Func<RandomRow, IReadOnlyList<RandomRow>, IReadOnlyList<int?>, bool> Good)
{
    public (string? Sql, Func<RandomRow, bool> Holds) Scope { get; init; } = (null, _ => true);

    public override string ToString() => $"{Type} {Kwargs.ToJsonString()} where {Scope.Sql}";
}
