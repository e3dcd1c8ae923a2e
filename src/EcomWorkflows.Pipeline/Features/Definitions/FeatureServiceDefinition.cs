namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>What a file wants the registry to hold about a feature service.</summary>
/// <param name="Features"><c>view</c> for all of a view's features, <c>view:feature</c>, or <c>view@v2:feature</c> to stay with a version.</param>
internal sealed record FeatureServiceDefinition(
    string Name, string Description, string Owner, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Features);
