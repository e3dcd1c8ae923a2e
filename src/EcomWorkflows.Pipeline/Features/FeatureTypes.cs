namespace EcomWorkflows.Pipeline.Features;

/// <summary>Names of feature types.</summary>
public static class FeatureTypes
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<FeatureType>().Select(Name)];

    public static string Name(this FeatureType type) => type switch
    {
        FeatureType.Double => "double",
        FeatureType.Int64 => "int64",
        FeatureType.Bool => "bool",
        FeatureType.String => "string",
        _ => "timestamp",
    };

    /// <summary>Null for a name that is none.</summary>
    public static FeatureType? TryParse(string name) => Names.Index().Where(n => n.Item == name).Select(n => (FeatureType?)(FeatureType)n.Index).FirstOrDefault();

    /// <summary>DuckDB's name of the type.</summary>
    public static string DuckDb(this FeatureType type) => type switch
    {
        FeatureType.Double => "DOUBLE",
        FeatureType.Int64 => "BIGINT",
        FeatureType.Bool => "BOOLEAN",
        FeatureType.String => "VARCHAR",
        _ => "TIMESTAMP",
    };
}
