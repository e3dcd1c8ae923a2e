namespace EcomWorkflows.Pipeline.Ingestion.Drift;

/// <summary>Which types of a file can be read as which declared types without losing meaning.</summary>
internal static class TypeFamily
{
    private static readonly string[] Families = ["boolean", "integer", "number", "date", "timestamp", "text"];

    /// <summary>Whether values of <paramref name="found"/> are values of <paramref name="declared"/>; anything can be text, but text is nothing else.</summary>
    public static bool Holds(string declared, string found)
    {
        var (wanted, given) = (Of(declared), Of(found));
        return wanted == given || wanted == "text" || (wanted, given) is ("number", "integer") or ("timestamp", "date");
    }

    private static string Of(string type)
    {
        var name = type.ToLowerInvariant();
        if (name.StartsWith("timestamp", StringComparison.Ordinal) || name == "datetime")
            return "timestamp";
        if (name.StartsWith("decimal", StringComparison.Ordinal) || name is "double" or "float" or "real")
            return "number";
        return name switch
        {
            "bool" => "boolean",
            "tinyint" or "smallint" or "int" or "bigint" or "hugeint" or "utinyint" or "usmallint" or "uinteger" or "ubigint" => "integer",
            _ when Families.Contains(name) => name,
            _ => "text",
        };
    }
}
