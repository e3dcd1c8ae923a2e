namespace EcomWorkflows.Pipeline.Sources;

/// <summary>How a silver table is made.</summary>
/// <remarks>A row that must not get into the table gets a reason in the column <c>_drop</c> instead of being filtered out, so that it is counted.</remarks>
/// <param name="Sql">DuckDB SELECT over <c>{bronze.events}</c>-style names (bronze rows that validation let through) that yields the table's canonical columns.</param>
/// <param name="RowsFrom">Entities of which every row must come out or be dropped for a reason; empty for tables that are derived.</param>
/// <param name="Repeated">
/// By entity the columns in which a row may equal no earlier one (by file, then line; missing values are equal): for the rows that do, the entity's bronze rows have a true in the
/// column <c>_repeated</c>.
/// </param>
public sealed record SilverTable(
    IReadOnlyList<string> Sql, IReadOnlyList<string>? RowsFrom = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Repeated = null);
