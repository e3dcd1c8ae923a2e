namespace EcomWorkflows.Pipeline.Features;

/// <summary>Outputs of <see cref="BuildFeaturesTask"/>.</summary>
/// <param name="View">Name of the feature view.</param>
/// <param name="Version">Version of the view that was materialised.</param>
/// <param name="Customers">Customers with features, by as-of time (<c>yyyy-MM-dd</c>).</param>
/// <param name="OnlineRows">Customers served online: those of the last as-of time; none of a view that is history only.</param>
/// <param name="SnapshotId">Lake snapshot of the view's history.</param>
public sealed record BuildFeaturesOutputs(
    string View,
    int Version,
    int Features,
    IReadOnlyDictionary<string, long> Customers,
    long OnlineRows,
    long SnapshotId,
    DateTimeOffset TrainCutoff,
    DateTimeOffset TestCutoff,
    DateTimeOffset ScoreAsOf);
