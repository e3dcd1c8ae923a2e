namespace EcomWorkflows.DuckDB;

/// <summary><see cref="DuckDbConnection.Interrupt"/> stopped the statement; a statement stopped by its token throws <see cref="OperationCanceledException"/>.</summary>
public sealed class DuckDbInterruptedException(string message, string sql) : DuckDbException(DuckDbErrorKind.Interrupt, message, sql);
