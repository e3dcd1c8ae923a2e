namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>What earlier runs found in the same table.</summary>
/// <param name="RowCounts">Rows of bronze, the newest run first.</param>
internal sealed record TableHistory(IReadOnlyList<long> RowCounts)
{
    public static TableHistory None { get; } = new([]);
}
