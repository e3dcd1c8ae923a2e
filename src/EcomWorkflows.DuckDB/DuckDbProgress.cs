namespace EcomWorkflows.DuckDB;

/// <summary>How far the running statement is.</summary>
/// <param name="Percentage">0 to 100, or -1 when nothing runs or DuckDB cannot tell.</param>
/// <param name="RowsProcessed">Rows read from the sources so far.</param>
/// <param name="TotalRows">Rows the sources hold, as far as known.</param>
public readonly record struct DuckDbProgress(double Percentage, long RowsProcessed, long TotalRows);
