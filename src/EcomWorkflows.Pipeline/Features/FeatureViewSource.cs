using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Where the rows of a view come from: one of a lake table, a SQL text, a built-in task, or nothing but pushes; or, for an on-demand view, from other features.</summary>
public sealed record FeatureViewSource
{
    /// <summary>Lake table, for example <c>silver.shop.orders</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Table { get; init; }

    /// <summary>SELECT in DuckDB's SQL; <c>{silver.shop.orders}</c> stands for a lake table.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sql { get; init; }

    /// <summary>Task type that computes the rows, for example <c>Ecom.BuildFeatures</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }

    /// <summary>Rows come by <c>POST /push</c> only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Push { get; init; }

    /// <summary>Source the built-in task computes the view of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Of { get; init; }

    /// <summary>Column with the time the values belong to.</summary>
    public string Timestamp { get; init; } = "event_timestamp";

    /// <summary>Column with the time the values became known; null where that is the time of the materialisation that first sees them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Created { get; init; }

    /// <summary>Stored features an on-demand view computes with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>Values an on-demand view takes from the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RequestField>? Request { get; init; }

    [JsonIgnore]
    public bool OnDemand => Inputs is not null;

    /// <summary>In a few words, for people.</summary>
    public override string ToString() => this switch
    {
        { Inputs: { } inputs } => $"on demand, from {string.Join(", ", inputs.Concat((Request ?? []).Select(r => $"request.{r.Name}")))}",
        { Table: { } table } => $"table {table}",
        { Task: { } task } => $"task {task} of {Of}",
        { Sql: not null } => "SQL",
        _ => "pushes",
    };
}
