namespace EcomWorkflows.Pipeline.Training.Segments;

/// <summary>What <c>Ecom.SegmentCustomers</c> published.</summary>
/// <param name="Table">Lake table with one row per customer.</param>
/// <param name="AsOf">The moment the features are as of.</param>
/// <param name="Silhouette">Mean silhouette, −1 to 1.</param>
public sealed record SegmentCustomersOutputs(
    string Table, long SnapshotId, DateTimeOffset AsOf, long Customers, int Clusters, double Silhouette, double Inertia, IReadOnlyList<SegmentProfile> Segments);
