using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Body of <c>POST /materialize</c> and <c>/materialize-incremental</c>, as in Feast's feature server.</summary>
public sealed record MaterializeRequest
{
    /// <summary>First event time that comes online; not for incremental ones.</summary>
    [JsonPropertyName("start_ts")]
    public DateTimeOffset? Start { get; init; }

    /// <summary>Last event time that comes online.</summary>
    [JsonPropertyName("end_ts")]
    public DateTimeOffset? End { get; init; }

    /// <summary>Names of views, <c>view</c> or <c>view@v2</c>; all that are served online where it is left out.</summary>
    [JsonPropertyName("feature_views")]
    public IReadOnlyList<string>? Views { get; init; }

    /// <summary>Version of the views named; the current one where it is left out.</summary>
    [JsonPropertyName("version")]
    public int? Version { get; init; }
}
