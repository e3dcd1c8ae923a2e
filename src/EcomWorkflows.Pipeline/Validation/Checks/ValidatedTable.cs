using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.RowRules;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>What checks are compiled against.</summary>
/// <param name="Name">Name of the table, for messages.</param>
/// <param name="Columns">Its columns without <c>_file</c>, <c>_line</c> and <c>_run</c>.</param>
/// <param name="References">Name of the DuckDB view of each other table that expectations may refer to, by the name they use.</param>
internal sealed record ValidatedTable(string Name, IReadOnlyList<TableColumn> Columns, IReadOnlyDictionary<string, string> References)
{
    /// <summary>Name of the DuckDB view that holds the rows under validation.</summary>
    public const string Batch = "batch";

    /// <summary>What earlier runs found in this table.</summary>
    public TableHistory History { get; init; } = TableHistory.None;

    /// <summary>
    /// DuckDB table of the different values (<c>value</c>, <c>copies</c>) of the columns that have few, by column. What depends on one such value alone is checked once per value, not
    /// once per row.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>The row validators expectations may name.</summary>
    public RowValidatorCatalog Validators { get; init; } = RowValidatorCatalog.Empty;

    /// <summary>With the values <see cref="FigureReader"/> counted. Floating-point numbers are left out: two that are equal can have different texts.</summary>
    public ValidatedTable With(SampledTable sampled) => this with
    {
        Values = sampled.Columns.Where(column => column.Values is not null && column.Column.Type is not ("FLOAT" or "DOUBLE") && column.Column.KindOf() != ColumnKind.Other)
            .ToDictionary(column => column.Column.Name, column => column.Values!, StringComparer.Ordinal),
    };

    public TableColumn? Find(string column) => Columns.FirstOrDefault(c => c.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
}
