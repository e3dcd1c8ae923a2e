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
        var created = streaming
            ? NativeMethods.duckdb_pending_prepared_streaming(statement, out var pending)
            : NativeMethods.duckdb_pending_prepared(statement, out pending);
        using (pending)
        {
            if (created != 0 || !Work(pending))
                throw NativeError.From(NativeText.Borrowed(NativeMethods.duckdb_pending_error(pending)), 0, _sql, ct);
            var result = new ResultHandle(_connection);
            if (NativeMethods.duckdb_execute_pending(pending, result) == 0)
                return result;
            using (result)
                throw NativeError.From(NativeText.Borrowed(NativeMethods.duckdb_result_error(result)), NativeMethods.duckdb_result_error_type(result), _sql, ct);
        }
    }

    /// <summary>
    /// Works on a statement until it is done; false where it has failed. While DuckDB's other threads do the last of it, this one leaves its core to who needs it: DuckDB's own way of waiting asks again
    /// without end, at the cost of what feeds the statement or runs beside it.
    /// </summary>
    private static bool Work(PendingHandle pending)
    {
        const int ready = 0;
        const int notReady = 1;
        const int noTasks = 3;
        int state;
        while ((state = NativeMethods.duckdb_pending_execute_task(pending)) is notReady or noTasks)
        {
            if (state == noTasks)
                Thread.Yield();
        }
        return state == ready;
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
