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

    /// <summary>The row validators expectations may name.</summary>
    public RowValidatorCatalog Validators { get; init; } = RowValidatorCatalog.Empty;

    public TableColumn? Find(string column) => Columns.FirstOrDefault(c => c.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
}
