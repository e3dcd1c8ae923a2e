namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>Which validation of what: leads from a result back to the data and the attempt.</summary>
/// <param name="SnapshotId">Snapshot of bronze that was validated; null where the table was never published.</param>
internal sealed record ValidationIdentity(
    string Source,
    string Entity,
    string DagId,
    string RunKey,
    long RunId,
    string TaskId,
    long AttemptId,
    int TryNumber,
    DateTimeOffset IntervalStart,
    DateTimeOffset IntervalEnd,
    DateTimeOffset ValidatedAt,
    long? SnapshotId)
{
    /// <summary>Name of the table in the lake.</summary>
    public string Table => $"bronze.{Source}.{Entity}";
}
