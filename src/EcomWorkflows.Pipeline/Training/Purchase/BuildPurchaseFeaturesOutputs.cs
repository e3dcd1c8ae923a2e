namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>What <c>Ecom.BuildPurchaseFeatures</c> published.</summary>
/// <param name="View">Name of the feature view.</param>
/// <param name="Version">Version of the view that was materialised.</param>
/// <param name="Pairs">Candidate pairs, by as-of time (<c>yyyy-MM-dd</c>).</param>
/// <param name="OnlineRows">Pairs served online: those of the last as-of time; none of a view that is history only.</param>
/// <param name="Consistency">Share of a sample's values that are the same online and in the history; null for a view that is history only.</param>
/// <param name="SnapshotId">Lake snapshot of the view's history.</param>
public sealed record BuildPurchaseFeaturesOutputs(
    string View,
    int Version,
    int Features,
    IReadOnlyDictionary<string, long> Pairs,
    long OnlineRows,
    double? Consistency,
    long SnapshotId,
    DateTimeOffset TrainCutoff,
    DateTimeOffset TestCutoff,
    DateTimeOffset ScoreAsOf);
