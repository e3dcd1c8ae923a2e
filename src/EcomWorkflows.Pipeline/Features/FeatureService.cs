namespace EcomWorkflows.Pipeline.Features;

/// <summary>The set of features one model uses; another set is another version.</summary>
/// <param name="Features">Each with the view version it was frozen at.</param>
public sealed record FeatureService(string Name, string Description, string Owner, IReadOnlyList<FeatureReference> Features)
{
    public int Version { get; init; } = 1;

    public int CurrentVersion { get; init; } = 1;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
