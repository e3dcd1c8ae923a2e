using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Imports of DuckDB's C API: databases, connections and statements. Success is 0.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "duckdb";

    [LibraryImport(Library)]
    public static partial int duckdb_create_config(out ConfigHandle config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_set_config(ConfigHandle config, string name, string option);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_config(ref nint config);

    [LibraryImport(Library)]
    public static partial nint duckdb_create_instance_cache();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_open_ext(string? path, out DatabaseHandle database, ConfigHandle config, out nint error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_get_or_create_from_cache(nint cache, string path, out DatabaseHandle database, ConfigHandle config, out nint error);

    [LibraryImport(Library)]
    public static partial void duckdb_close(ref nint database);

    [LibraryImport(Library)]
    public static partial int duckdb_connect(DatabaseHandle database, out ConnectionHandle connection);

    [LibraryImport(Library)]
    public static partial void duckdb_disconnect(ref nint connection);

    [LibraryImport(Library)]
    public static partial void duckdb_interrupt(ConnectionHandle connection);

    [LibraryImport(Library)]
    public static partial NativeProgress duckdb_query_progress(ConnectionHandle connection);

    [LibraryImport(Library)]
    public static partial nint duckdb_library_version();

    [LibraryImport(Library)]
    public static partial void duckdb_free(nint memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ulong duckdb_extract_statements(ConnectionHandle connection, string query, out ExtractedStatementsHandle statements);

    [LibraryImport(Library)]
    public static partial nint duckdb_extract_statements_error(ExtractedStatementsHandle statements);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_extracted(ref nint statements);

    [LibraryImport(Library)]
    public static partial int duckdb_prepare_extracted_statement(
        ConnectionHandle connection, ExtractedStatementsHandle statements, ulong index, out PreparedStatementHandle statement);

    [LibraryImport(Library)]
    public static partial nint duckdb_prepare_error(PreparedStatementHandle statement);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_prepare(ref nint statement);

    [LibraryImport(Library)]
    public static partial ulong duckdb_nparams(PreparedStatementHandle statement);

    [LibraryImport(Library)]
    public static partial nint duckdb_parameter_name(PreparedStatementHandle statement, ulong index);

    [LibraryImport(Library)]
    public static partial int duckdb_bind_value(PreparedStatementHandle statement, ulong index, ValueHandle value);

    [LibraryImport(Library)]
    public static partial int duckdb_execute_prepared(PreparedStatementHandle statement, ResultHandle result);

    [LibraryImport(Library)]
    public static partial int duckdb_execute_prepared_streaming(PreparedStatementHandle statement, ResultHandle result);
}
