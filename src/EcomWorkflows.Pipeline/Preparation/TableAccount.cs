namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Rows of one silver table.</summary>
/// <param name="RowsFrom">Bronze entities every row of which is in the table or dropped for a reason; empty for derived tables.</param>
/// <param name="RowsIn">Validated rows of those entities.</param>
/// <param name="RowsDropped">By reason.</param>
/// <param name="ValuesImputed">Values the mapping's SQL filled in where there were none, of the rows that are kept, by column.</param>
/// <param name="RowsAdded">Rows beyond one per incoming row (for example a return beside its purchase); all rows for derived tables.</param>
public sealed record TableAccount(
    string Table,
    IReadOnlyList<string> RowsFrom,
    long RowsIn,
    IReadOnlyDictionary<string, long> RowsDropped,
    IReadOnlyDictionary<string, long> ValuesImputed,
    long RowsAdded,
    long RowsOut,
    long SnapshotId);
