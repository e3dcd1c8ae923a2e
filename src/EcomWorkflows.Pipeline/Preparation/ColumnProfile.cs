namespace EcomWorkflows.Pipeline.Preparation;

/// <param name="Min">Smallest value as text; null where the column holds nothing.</param>
/// <param name="Mean">Of numbers; null for other types.</param>
/// <param name="Quantiles">5, 25, 50, 75, 95 % of numbers; empty for other types.</param>
internal sealed record ColumnProfile(
    string Name, string Type, long Nulls, long Distinct, string? Min, string? Max, double? Mean, IReadOnlyList<double> Quantiles);
