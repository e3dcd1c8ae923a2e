namespace EcomWorkflows.DuckDB.Native;

/// <summary>Makes the exception for what DuckDB reported.</summary>
internal static class NativeError
{
    // DuckDB's own advice is statements that nobody can give here.
    private const string MoreMemory = "Allow DuckDB more memory with ECOM_DUCKDB_MEMORY, or let the task do less at once.";

    /// <param name="type">DuckDB's error type; 0 where the API gives none, then it is read from the message's beginning.</param>
    public static Exception From(string message, int type, string sql, CancellationToken ct = default)
    {
        var kind = type == 0 ? KindOf(message) : (DuckDbErrorKind)type;
        if (kind == DuckDbErrorKind.OutOfMemory)
            return new DuckDbException(kind, $"{message.Split("\n\n")[0]}. {MoreMemory}", sql, new InsufficientMemoryException());
        if (kind != DuckDbErrorKind.Interrupt)
            return new DuckDbException(kind, message, sql);
        var interrupted = new DuckDbInterruptedException(message, sql);
        return ct.IsCancellationRequested ? new OperationCanceledException("The DuckDB statement was cancelled.", interrupted, ct) : interrupted;
    }

    public static Exception FromAppender(AppenderHandle appender, string table)
    {
        var data = NativeMethods.duckdb_appender_error_data(appender);
        var message = NativeText.Borrowed(NativeMethods.duckdb_error_data_message(data));
        var type = NativeMethods.duckdb_error_data_error_type(data);
        NativeMethods.duckdb_destroy_error_data(ref data);
        return From(message, type, $"appender for {table}");
    }

    /// <summary>"Out of Memory Error: failed to …" is OutOfMemory.</summary>
    private static DuckDbErrorKind KindOf(string message)
    {
        var end = message.IndexOf(" Error:", StringComparison.Ordinal);
        return end > 0 && Enum.TryParse<DuckDbErrorKind>(message[..end].Replace(" ", "", StringComparison.Ordinal), ignoreCase: true, out var kind)
            ? kind
            : DuckDbErrorKind.Unknown;
    }
}
