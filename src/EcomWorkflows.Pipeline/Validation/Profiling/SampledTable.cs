namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>What a sample says of the columns of the view <c>batch</c>.</summary>
/// <param name="Rows">Of the table.</param>
/// <param name="IsWhole">Whether the sample is the whole table: what it says is exact.</param>
internal sealed record SampledTable(long Rows, bool IsWhole, IReadOnlyList<SampledColumn> Columns);
