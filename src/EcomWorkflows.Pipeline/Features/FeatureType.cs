namespace EcomWorkflows.Pipeline.Features;

/// <summary>Type of a feature's values; named in files and on the wire by <see cref="FeatureTypes.Name"/>.</summary>
public enum FeatureType
{
    Double,

    Int64,

    Bool,

    String,

    /// <summary>UTC, to the microsecond.</summary>
    Timestamp,
}
