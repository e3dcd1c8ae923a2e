namespace EcomWorkflows.Pipeline.Features;

/// <summary>The two SQL texts that compute the view, kept as files beside this class; what customers did besides buying and returning comes from the event log.</summary>
internal static class CustomerActivitySql
{
    /// <summary>Table whose columns the event log's counts have: doubles, as the features are.</summary>
    public const string ActiveTable = "active_layout";

    public const string ActiveDefinition =
        $"""
        create table {ActiveTable} (
          customer_id varchar,
          n_events double, n_views double, n_seller_views double, n_carts double, n_purchases double,
          views_7d double, views_30d double, events_1d double, events_7d double, events_30d double,
          n_sessions double, n_products_seen double, first_t bigint, last_t bigint
        )
        """;

    /// <summary>Table with the columns of <see cref="Rows"/> that are kept.</summary>
    public const string RowsTable = "rows_layout";

    public static string EventsText { get; } = Read("customer_events.sql");

    public static string RowsText { get; } = Read("customer_activity.sql");

    /// <summary>Statements that prepare the events for features of these groups.</summary>
    public static string Events(IReadOnlyCollection<FeatureDefinition> features)
    {
        var groups = features.Select(f => f.Group).ToHashSet(StringComparer.Ordinal);
        var orders = groups.Contains(CustomerActivityFeatures.Orders) || groups.Contains(CustomerActivityFeatures.Spend) || groups.Contains(CustomerActivityFeatures.Returns);
        return EventsText
            .Replace("{orders}", Literal(orders), StringComparison.Ordinal)
            .Replace("{returns}", Literal(groups.Contains(CustomerActivityFeatures.Returns)), StringComparison.Ordinal);
    }

    /// <summary>Column of the first feature in <see cref="Rows"/>; the others follow it.</summary>
    public const int FirstFeature = 3;

    /// <summary>The view's rows at <c>$as_of</c>, with these feature columns as doubles, and whether a row is <c>sampled</c>.</summary>
    /// <param name="active">Table function with the event log's counts at that time.</param>
    /// <param name="every">Of how many rows one is, by a hash of the customer.</param>
    public static string Rows(IEnumerable<FeatureDefinition> features, string active, long every) =>
        $"""
        select customer_id, event_timestamp, $created_timestamp::timestamp as created_timestamp, {string.Join(", ", features.Select(f => $"{f.Name}::double as {f.Name}"))},
          {FeatureDescriber.Sampled("customer_id", every)} as sampled
        from (
        {RowsText.Replace("{active}", active, StringComparison.Ordinal)}
        )
        """;

    public static string RowsDefinition(IEnumerable<FeatureDefinition> features) =>
        $"""
        create table {RowsTable} (
          customer_id varchar, event_timestamp timestamp, created_timestamp timestamp,
          {string.Join(", ", features.Select(f => $"{f.Name} double"))}
        )
        """;

    private static string Literal(bool value) => value ? "true" : "false";

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(CustomerActivitySql).Assembly.GetManifestResourceStream($"EcomWorkflows.Pipeline.Features.{name}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
