namespace EcomWorkflows.Pipeline.Lake;

/// <summary>The immutable content of a lake table as one publish made it.</summary>
public sealed record LakeSnapshot(
    long SnapshotId,
    LakeTableName Table,
    DateTimeOffset CreatedAt,
    DateTimeOffset DataIntervalStart,
    DateTimeOffset DataIntervalEnd,
    long RunId,
    long AttemptId,
    long Rows,
    long Bytes,
    IReadOnlyList<LakeColumn> Columns,
    IReadOnlyList<LakeFile> Files);
