namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>What the values of a column are like.</summary>
/// <param name="NullRate">Share of rows without a value, 0 to 1.</param>
/// <param name="Distinct">Different values: exact up to about a hundred, an estimate (HyperLogLog) above.</param>
/// <param name="Min">As text; null where the column has no value, or none that can be ordered.</param>
/// <param name="Mean">Of numbers; null for other types.</param>
/// <param name="StandardDeviation">Of the population, of numbers.</param>
public sealed record ColumnStatistics(double NullRate, long Distinct, string? Min, string? Max, double? Mean, double? StandardDeviation);
