using EcomWorkflows.DuckDB.Native;
using EcomWorkflows.DuckDB.Vectors;

namespace EcomWorkflows.DuckDB;

/// <summary>Names and types of a table's columns.</summary>
internal sealed class RowLayout : IDisposable
{
    private readonly LogicalTypeHandle[] _types;
    private readonly string[] _names;

    private RowLayout(LogicalTypeHandle[] types, string[] names)
    {
        _types = types;
        _names = names;
    }

    public int Count => _types.Length;

    public IEnumerable<(string Name, LogicalTypeHandle Type)> Columns => _names.Zip(_types);

    public static RowLayout Of(DuckDbConnection connection, AppenderHandle appender, string table, string? schema)
    {
        var types = new LogicalTypeHandle[(int)NativeMethods.duckdb_appender_column_count(appender)];
        for (var column = 0; column < types.Length; column++)
            types[column] = NativeMethods.duckdb_appender_column_type(appender, (ulong)column);
        var names = ColumnNames(connection, table, schema);
        return new RowLayout(types, [.. types.Select((_, column) => column < names.Count ? names[column] : $"#{column + 1}")]);
    }

    public ColumnWriter[] CreateWriters() => [.. Columns.Select(column => new ColumnWriter(column.Name, ColumnType.From(column.Type)))];

    public unsafe DataChunkHandle CreateChunk()
    {
        var handles = _types.Select(type => type.DangerousGetHandle()).ToArray();
        fixed (nint* start = handles)
            return NativeMethods.duckdb_create_data_chunk(start, (ulong)handles.Length);
    }

    public void Dispose()
    {
        foreach (var type in _types)
            type.Dispose();
    }

    private static List<string> ColumnNames(DuckDbConnection connection, string table, string? schema)
    {
        var name = schema is null ? DuckDbSql.Identifier(table) : $"{DuckDbSql.Identifier(schema)}.{DuckDbSql.Identifier(table)}";
        using var reader = connection.Query($"select * from {name} limit 0");
        // Ends the statement's transaction: what is created in one that ends with its reader's disposal would be rolled back.
        reader.NextChunk();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }
}
