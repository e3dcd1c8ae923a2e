using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>What requests for online and for historical features have in common: which features, of whom.</summary>
public abstract record FeatureRequest
{
    /// <summary><c>view:feature</c> or <c>view@v2:feature</c>; give these or a service.</summary>
    [JsonPropertyName("features")]
    public IReadOnlyList<string>? Features { get; init; }

    [JsonPropertyName("feature_service")]
    public string? FeatureService { get; init; }

    /// <summary>Rows by column: the join keys, what on-demand features compute with, and for history <c>event_timestamp</c> and anything that shall come back, such as labels.</summary>
    [JsonPropertyName("entities")]
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Entities { get; init; }

    /// <summary>Call features <c>view__feature</c> in the answer.</summary>
    [JsonPropertyName("full_feature_names")]
    public bool FullFeatureNames { get; init; }
}
