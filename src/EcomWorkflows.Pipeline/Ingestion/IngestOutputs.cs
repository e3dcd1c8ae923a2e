namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>What <see cref="IngestTask"/> did.</summary>
/// <param name="RowsRead">Records in all raw files of this run, headers and empty lines not counted; always RowsKept + RowsRejected.</param>
/// <param name="RowsRejected">Records that are no row of the declared columns; their lines and reasons are in lake table <c>rejects.{source}.{entity}</c>.</param>
/// <param name="RawFiles">Paths of the raw files, relative to the lake folder; of more than <see cref="MostRawFiles"/> the first. The lineage of the snapshot has all of them.</param>
/// <param name="RawFileCount">How many there are.</param>
/// <param name="SnapshotId">Snapshot of <c>bronze.{source}.{entity}</c>.</param>
/// <param name="RejectsSnapshotId">Snapshot of <c>rejects.{source}.{entity}</c>.</param>
/// <param name="Drift">Differences from the declared columns that the mapping says to warn of.</param>
public sealed record IngestOutputs(
    long RowsRead, long RowsKept, long RowsRejected, IReadOnlyList<string> RawFiles, int RawFileCount, long RawBytes, long SnapshotId, long RejectsSnapshotId, IReadOnlyList<string> Drift)
{
    /// <summary>Most paths that are listed: outputs are facts for people.</summary>
    public const int MostRawFiles = 1_000;
}
