using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>A column both versions have.</summary>
/// <param name="AsText">Whether its types differ: then the values are compared as text.</param>
internal sealed record ComparedColumn(string Name, bool AsText)
{
    public string Quoted => DuckDbSql.Identifier(Name);

    /// <summary>The value to compare.</summary>
    public string Value(string? side = null)
    {
        var column = side is null ? Quoted : $"{side}.{Quoted}";
        return AsText ? $"{column}::varchar" : column;
    }
}
