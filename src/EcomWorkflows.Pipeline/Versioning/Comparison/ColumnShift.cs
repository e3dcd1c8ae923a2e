namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>How the values of a column are distributed in two versions of a table.</summary>
/// <param name="Before">Statistics of the earlier version.</param>
/// <param name="PopulationStabilityIndex">Over the earlier version's tenths (numbers) or most frequent values (text); null where it cannot be told, as for keys.</param>
/// <param name="Threshold">What chance and convention allow at these numbers of rows.</param>
public sealed record ColumnShift(string Column, ColumnStatistics Before, ColumnStatistics After, double? PopulationStabilityIndex, double? Threshold)
{
    public bool Shifted => PopulationStabilityIndex > Threshold;
}
