namespace EcomWorkflows.DuckDB;

/// <summary>
/// <see cref="DuckDbConnection.Interrupt"/> stopped the statement; a statement stopped by its token throws <see cref="OperationCanceledException"/>. Where nobody stopped it, one of its threads has
/// failed and DuckDB tells, rarely, only that it stopped the others: run again, it says why.
/// </summary>
public sealed class DuckDbInterruptedException(string message, string sql) : DuckDbException(DuckDbErrorKind.Interrupt, message, sql);
