namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>What a sample says of the columns of the view <c>batch</c>.</summary>
/// <param name="Rows">Of the table.</param>
/// <param name="IsWhole">Whether the sample is the whole table: what it says is exact.</param>
internal sealed record SampledTable(long Rows, bool IsWhole, IReadOnlyList<SampledColumn> Columns)
{
    /// <summary>
    /// <see cref="SampledColumn.Values"/> of the columns that have few, by column: what depends on one such value alone is checked once per value, not once per row. Floating-point numbers
    /// are left out: two that are equal can have different texts.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values() =>
        Columns.Where(column => column.Values is not null && column.Column.Type is not ("FLOAT" or "DOUBLE") && column.Column.KindOf() != ColumnKind.Other)
            .ToDictionary(column => column.Column.Name, column => column.Values!, StringComparer.Ordinal);
}
