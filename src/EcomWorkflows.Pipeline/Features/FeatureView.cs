namespace EcomWorkflows.Pipeline.Features;

/// <summary>A feature view as the registry has it, at one version.</summary>
/// <param name="Version">This version; <see cref="CurrentVersion"/> is the one that requests without a version mean.</param>
/// <param name="Entity">Name of the (first) entity; <paramref name="JoinKey"/> is what requests call it.</param>
/// <param name="Source">Source, or <c>store</c>, that the view's lake table is filed under.</param>
/// <param name="Ttl">Age after which a value is not served any more; null for never.</param>
/// <param name="Features">In the order of the online store's values.</param>
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
    /// <summary>All entities; a row of the view is about one of each.</summary>
    public IReadOnlyList<FeatureEntity> Entities { get; init; } = [new(Entity, JoinKey, "")];

    public FeatureViewSource From { get; init; } = new();

    public string? PushSource { get; init; }

    public bool Online { get; init; } = true;

    public int CurrentVersion { get; init; } = Version;

    /// <summary>When this version was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Lake snapshot with this version's history; null before the first materialisation.</summary>
    public long? HistorySnapshotId { get; init; }

    /// <summary>Lake snapshot with rows that were known before, and are known better since; null where there are none.</summary>
    public long? SupersededSnapshotId { get; init; }

    public IReadOnlyList<string> JoinKeys => field ??= [.. Entities.Select(e => e.JoinKey)];

    /// <summary>Name of the customer activity view of a source.</summary>
    public static string NameOf(string source) => ComputedView.CustomerActivity.NameOf(source);

    /// <summary>Name of the feature service of a source's churn model.</summary>
    public static string ChurnServiceOf(string source) => ComputedView.CustomerActivity.ServiceOf(source);

    /// <summary>Name of the feature service of a source's purchase model.</summary>
    public static string PurchaseServiceOf(string source) => ComputedView.VisitorItem.ServiceOf(source);

    /// <summary>The online store's table, quoted; its name holds the version, so that a reader never takes one version's values for another's.</summary>
    internal string OnlineTable => OnlineTableOf(Id, Version);

    internal static string OnlineTableOf(int viewId, int version) => $"features.online_{viewId}_v{version}";
}
