namespace EcomWorkflows.DuckDB;

/// <summary>Quotes what DuckDB does not take as a parameter: file names in COPY and table functions, table and column names.</summary>
public static class DuckDbSql
{
    public static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A list literal of strings, for example of the files of a lake table.</summary>
    public static string Literals(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Literal))}]";

    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
