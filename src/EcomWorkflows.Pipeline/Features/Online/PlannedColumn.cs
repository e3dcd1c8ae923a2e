using EcomWorkflows.Pipeline.Features.Expressions;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>One column of an answer: a stored value, or one computed from stored and request values.</summary>
/// <param name="Name">As the answer calls it.</param>
/// <param name="View">Index of the plan's view; -1 for a computed column.</param>
/// <param name="Position">Place of the feature in its view.</param>
internal sealed record PlannedColumn(string Name, int View, int Position)
{
    public FeatureExpression? Expression { get; init; }

    /// <summary>What the expression reads, in the order of its names: a view's feature, or (view -1) a column of the request's entities.</summary>
    public IReadOnlyList<(int View, int Position)> Inputs { get; init; } = [];
}
