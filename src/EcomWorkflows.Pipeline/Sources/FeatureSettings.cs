namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Settings of a source's feature view.</summary>
public sealed record FeatureSettings
{
    /// <summary>Feature groups to compute; empty means all of them.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Days after which a value is served as <c>OUTSIDE_MAX_AGE</c>; null where values never expire (historic data).</summary>
    public int? TtlDays { get; init; }

    public string Owner { get; init; } = "data-science";

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
