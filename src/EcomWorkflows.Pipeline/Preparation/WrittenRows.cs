namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>What came by while the rows of a silver table were written.</summary>
/// <param name="Places">Where all rows come from, those that are dropped among them; of no meaning where they have no file and line.</param>
/// <param name="Dropped">Rows by the reason they are left out for.</param>
/// <param name="Imputed">Rows that are kept, by the columns that were filled in, separated by commas.</param>
/// <param name="IsOneFile">Whether no two rows that are kept come from different files.</param>
internal sealed record WrittenRows(
    RowPlaces Places, IReadOnlyDictionary<string, long> Dropped, IReadOnlyDictionary<string, long> Imputed, bool IsOneFile)
{
    public long Kept => Places.Rows - Dropped.Values.Sum();
}
