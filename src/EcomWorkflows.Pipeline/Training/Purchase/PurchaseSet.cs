using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>A training set of pairs, written but not yet published.</summary>
/// <param name="LatestPairs">Candidates as of the newest day.</param>
internal sealed record PurchaseSet(ChurnWindows Windows, PairCounts Counts, IReadOnlyList<string> Files, IReadOnlyList<LakeColumn> Columns, long LatestPairs, int Features)
{
    /// <summary>The pairs to score; null where the feature store has them.</summary>
    public string? PairFile { get; init; }

    public IReadOnlyList<LakeColumn> PairColumns { get; init; } = [];
}
