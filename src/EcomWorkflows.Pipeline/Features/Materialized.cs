using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>A view as it was published.</summary>
internal sealed record Materialized(FeatureView View, LakeSnapshot History, long OnlineRows);
