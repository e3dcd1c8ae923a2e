namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>A view an answer reads.</summary>
/// <param name="KeyColumns">Columns of the request's entities that make its key.</param>
internal sealed record PlannedView(FeatureView View, int[] KeyColumns, OnlineRowCache Rows)
{
    public string Sql { get; } =
        $"""
        select entity_key, event_timestamp, "values"
        from {View.OnlineTable}
        where entity_key = any($1)
        """;
}
