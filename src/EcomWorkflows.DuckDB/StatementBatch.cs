using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>The statements of one SQL text, prepared and run one after the other.</summary>
internal sealed class StatementBatch : IDisposable
{
    private readonly ConnectionHandle _connection;
    private readonly ExtractedStatementsHandle _statements;
    private readonly string _sql;

    private StatementBatch(ConnectionHandle connection, ExtractedStatementsHandle statements, string sql, ulong count)
    {
        _connection = connection;
        _statements = statements;
        _sql = sql;
        Count = count;
    }

    public ulong Count { get; }

    /// <exception cref="DuckDbException">Kind Parser, when the text is no SQL or empty.</exception>
    public static StatementBatch Parse(ConnectionHandle connection, string sql)
    {
        var count = NativeMethods.duckdb_extract_statements(connection, sql, out var statements);
        if (count > 0)
            return new StatementBatch(connection, statements, sql, count);
        using (statements)
        {
            var message = statements.IsInvalid ? "" : NativeText.Borrowed(NativeMethods.duckdb_extract_statements_error(statements));
            throw message.Length > 0
                ? NativeError.From(message, 0, sql)
                : new DuckDbException(DuckDbErrorKind.Parser, "The SQL text holds no statement.", sql);
        }
    }

    public ResultHandle Run(ulong index, ParameterSet parameters, bool streaming, CancellationToken ct)
    {
        using var statement = Prepare(index, ct);
        parameters.BindTo(statement, _sql);
        var result = new ResultHandle(_connection);
        var state = streaming
            ? NativeMethods.duckdb_execute_prepared_streaming(statement, result)
            : NativeMethods.duckdb_execute_prepared(statement, result);
        if (state == 0)
            return result;
        using (result)
            throw NativeError.From(NativeText.Borrowed(NativeMethods.duckdb_result_error(result)), NativeMethods.duckdb_result_error_type(result), _sql, ct);
    }

    public void Dispose() => _statements.Dispose();

    private PreparedStatementHandle Prepare(ulong index, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (NativeMethods.duckdb_prepare_extracted_statement(_connection, _statements, index, out var statement) == 0)
            return statement;
        using (statement)
            throw NativeError.From(NativeText.Borrowed(NativeMethods.duckdb_prepare_error(statement)), 0, _sql, ct);
    }
}
