namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>What is different between the rows of a table in two versions.</summary>
/// <param name="Key">Columns rows were matched by; empty where whole rows were compared.</param>
/// <param name="KeyNote">How the key was found, or why there is none.</param>
/// <param name="Changed">Rows with the same key and other values; always 0 where whole rows were compared.</param>
/// <param name="ChangedColumns">In how many of the changed rows each column is different; columns that never are, are left out.</param>
/// <param name="Note">Why rows could not be compared; null where they were.</param>
public sealed record TableDifference(
    string Table,
    IReadOnlyList<string> Key,
    string KeyNote,
    long RowsBefore,
    long RowsAfter,
    long Added,
    long Removed,
    long Changed,
    IReadOnlyList<SchemaDifference> Schema,
    IReadOnlyDictionary<string, long> ChangedColumns,
    IReadOnlyList<ColumnShift> Shifts,
    IReadOnlyList<RowExample> Examples,
    string? Note = null)
{
    public bool IsSame => Added + Removed + Changed == 0 && Schema.Count == 0;
}
