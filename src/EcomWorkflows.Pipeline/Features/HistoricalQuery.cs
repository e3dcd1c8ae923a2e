namespace EcomWorkflows.Pipeline.Features;

/// <summary>What is asked of history, beside the rows it is asked for.</summary>
/// <param name="KnownBy">Null: each row gets what was known at its own time.</param>
public sealed record HistoricalQuery(IReadOnlyList<string>? Features, string? FeatureService, bool FullFeatureNames, DateTimeOffset? KnownBy)
{
    /// <param name="service"><c>service</c> for its current version, or <c>service@v2</c>.</param>
    public static HistoricalQuery OfService(string service) => new(null, service, FullFeatureNames: false, KnownBy: null);
}
