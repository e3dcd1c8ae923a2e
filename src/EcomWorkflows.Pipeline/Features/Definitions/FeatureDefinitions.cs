namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>All that the files of a folder define.</summary>
internal sealed record FeatureDefinitions(
    IReadOnlyList<FeatureEntity> Entities, IReadOnlyList<FeatureViewDefinition> Views, IReadOnlyList<FeatureServiceDefinition> Services);
