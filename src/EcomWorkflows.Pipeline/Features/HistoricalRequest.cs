using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Body of <c>POST /api/features/historical</c>: which features, of whom, at which times.</summary>
public sealed record HistoricalRequest : FeatureRequest
{
    /// <summary>
    /// Null: a row gets what was known at its own time. A time, or <c>now</c>: what was known then, for every row; for features that were computed for times long past.
    /// </summary>
    [JsonPropertyName("known_by")]
    public string? KnownBy { get; init; }

    /// <summary><c>json</c> or <c>csv</c>; without meaning where a dataset is made.</summary>
    [JsonPropertyName("format")]
    public string Format { get; init; } = "json";

    /// <summary>Name (<c>research/churn</c>) of the dataset the result becomes a version of; null to get the rows themselves.</summary>
    [JsonPropertyName("dataset")]
    public string? Dataset { get; init; }

    /// <summary>What is said about that version in the change log; null for what the program finds.</summary>
    [JsonPropertyName("note")]
    public string? Note { get; init; }
}
