using EcomWorkflows.Pipeline.Features.Expressions;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>A column of the result.</summary>
/// <param name="View">Index of the view the feature is stored in; -1 for a computed one.</param>
internal sealed record HistoricalColumn(string Name, int View, string Feature)
{
    public FeatureExpression? Expression { get; init; }

    /// <summary>What the expression reads: a view's feature, or (view -1) a column of the rows asked for.</summary>
    public IReadOnlyList<(int View, string Feature)> Inputs { get; init; } = [];
}
