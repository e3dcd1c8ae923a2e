using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Body of <c>POST /get-online-features</c>, as in Feast's feature server.</summary>
public sealed record OnlineFeaturesRequest
{
    /// <summary><c>view:feature</c> or <c>view@v2:feature</c>; give these or a service.</summary>
    [JsonPropertyName("features")]
    public IReadOnlyList<string>? Features { get; init; }

    [JsonPropertyName("feature_service")]
    public string? FeatureService { get; init; }

    /// <summary>Values of the join key, one per row wanted: strings or whole numbers.</summary>
    [JsonPropertyName("entities")]
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Entities { get; init; }

    /// <summary>Call features <c>view__feature</c> in the answer.</summary>
    [JsonPropertyName("full_feature_names")]
    public bool FullFeatureNames { get; init; }

    [JsonPropertyName("include_feature_view_version_metadata")]
    public bool IncludeFeatureViewVersionMetadata { get; init; }
}
