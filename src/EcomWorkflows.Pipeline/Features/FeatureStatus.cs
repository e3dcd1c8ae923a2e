namespace EcomWorkflows.Pipeline.Features;

/// <summary>What stands behind a served value; named on the wire as in Feast.</summary>
public enum FeatureStatus
{
    Present,

    /// <summary>The entity is known, the feature has no value for it.</summary>
    NullValue,

    /// <summary>The entity is not known.</summary>
    NotFound,

    /// <summary>The value is older than the view's TTL, and therefore not served.</summary>
    OutsideMaxAge,
}
