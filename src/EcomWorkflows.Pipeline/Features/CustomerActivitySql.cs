namespace EcomWorkflows.Pipeline.Features;

/// <summary>The two SQL texts that compute the view, kept as files beside this class.</summary>
internal static class CustomerActivitySql
{
    public static string EventsText { get; } = Read("customer_events.sql");

    public static string RowsText { get; } = Read("customer_activity.sql");

    /// <summary>Statements that prepare the events for features of these groups.</summary>
    public static string Events(IReadOnlyCollection<FeatureDefinition> features)
    {
        var groups = features.Select(f => f.Group).ToHashSet(StringComparer.Ordinal);
        var orders = groups.Contains(CustomerActivityFeatures.Orders) || groups.Contains(CustomerActivityFeatures.Spend) || groups.Contains(CustomerActivityFeatures.Returns);
        return EventsText
            .Replace("{orders}", Literal(orders), StringComparison.Ordinal)
            .Replace("{returns}", Literal(groups.Contains(CustomerActivityFeatures.Returns)), StringComparison.Ordinal)
            .Replace("{browsing}", Literal(groups.Contains(CustomerActivityFeatures.Browsing)), StringComparison.Ordinal);
    }

    /// <summary>The view's rows at the as-of times in table <c>as_of</c>, with these feature columns.</summary>
    public static string Rows(IEnumerable<FeatureDefinition> features) =>
        $"""
        select customer_id, event_timestamp, $created_timestamp::timestamp as created_timestamp, {string.Join(", ", features.Select(f => f.Name))}
        from (
        {RowsText}
        )
        """;

    private static string Literal(bool value) => value ? "true" : "false";

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(CustomerActivitySql).Assembly.GetManifestResourceStream($"EcomWorkflows.Pipeline.Features.{name}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
