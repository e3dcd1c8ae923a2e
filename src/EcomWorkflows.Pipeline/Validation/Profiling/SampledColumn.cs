using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>What a sample says of a column.</summary>
/// <param name="Distinct">Different values in the sample.</param>
/// <param name="Low">As <see cref="ColumnFigures.Low"/>, of numbers.</param>
/// <param name="High">As <see cref="ColumnFigures.High"/>, of numbers.</param>
/// <param name="Values">As <see cref="ColumnFigures.Values"/>.</param>
internal sealed record SampledColumn(TableColumn Column, long Distinct, double? Low, double? High, string? Values);
