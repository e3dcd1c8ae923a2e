namespace EcomWorkflows.Pipeline.Features;

/// <summary>A feature view as the registry has it, at one version.</summary>
/// <param name="Version">The version served online.</param>
/// <param name="Entity">Name of the entity; <paramref name="JoinKey"/> is what requests call it.</param>
/// <param name="Ttl">Age after which a value is not served any more; null for never.</param>
/// <param name="Features">In the order of the online store's value array.</param>
public sealed record FeatureView(
    int Id,
    string Name,
    int Version,
    string Entity,
    string JoinKey,
    string Source,
    string Description,
    string Owner,
    IReadOnlyDictionary<string, string> Tags,
    TimeSpan? Ttl,
    IReadOnlyList<FeatureDefinition> Features)
{
    /// <summary>Name of the view of a source.</summary>
    public static string NameOf(string source) => $"{source}_customer_activity";

    /// <summary>Name of the feature service of a source's churn model.</summary>
    public static string ChurnServiceOf(string source) => $"{source}_churn";

    /// <summary>The online store's table, quoted; its name holds the version, so that a reader never takes one version's values for another's.</summary>
    internal string OnlineTable => OnlineTableOf(Id, Version);

    internal static string OnlineTableOf(int viewId, int version) => $"features.online_{viewId}_v{version}";
}
