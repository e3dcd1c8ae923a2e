namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>What came by while the rows of a silver table were written.</summary>
/// <param name="Total">All rows, with those that are dropped.</param>
/// <param name="Dropped">Rows by the reason they are left out for.</param>
/// <param name="Imputed">Rows that are kept, by the columns that were filled in, separated by commas.</param>
/// <param name="Lines">Sum of the hashes of (file, line) of all rows; 0 where they have none.</param>
/// <param name="IsOneFile">Whether no two rows that are kept come from different files.</param>
internal sealed record WrittenRows(
    long Total, IReadOnlyDictionary<string, long> Dropped, IReadOnlyDictionary<string, long> Imputed, decimal Lines, bool IsOneFile)
{
    public long Kept => Total - Dropped.Values.Sum();
}
