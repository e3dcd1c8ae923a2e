using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Body of <c>POST /get-online-features</c>, as in Feast's feature server.</summary>
public sealed record OnlineFeaturesRequest : FeatureRequest
{
    [JsonPropertyName("include_feature_view_version_metadata")]
    public bool IncludeFeatureViewVersionMetadata { get; init; }
}
