namespace EcomWorkflows.Pipeline.Features;

/// <summary>What a question about history was answered from.</summary>
/// <param name="Rows">Rows of the answer.</param>
/// <param name="Views">Views joined, at the versions and with the lake snapshots that were read.</param>
public sealed record HistoricalResult(long Rows, IReadOnlyList<FeatureView> Views)
{
    /// <summary>Lake snapshots that were read.</summary>
    public IReadOnlyList<long> Snapshots => [.. Views.SelectMany(v => new[] { v.HistorySnapshotId, v.SupersededSnapshotId }).OfType<long>()];
}
