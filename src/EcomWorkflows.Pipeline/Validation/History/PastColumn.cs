namespace EcomWorkflows.Pipeline.Validation;

/// <summary>What a column held in an earlier run.</summary>
/// <param name="NullShare">Missing values as a share of the rows; null where there was no row.</param>
public sealed record PastColumn(double? NullShare, long Distinct, double? Mean);
