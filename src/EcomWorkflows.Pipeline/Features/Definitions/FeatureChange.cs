namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>What applying the files does, or would do, to one thing of the registry.</summary>
/// <param name="Kind"><c>view</c>, <c>on-demand view</c> or <c>service</c>.</param>
/// <param name="Action"><c>new</c>, <c>new version</c>, <c>back to version</c>, <c>changed</c>, <c>unchanged</c>, or <c>without a file</c>.</param>
/// <param name="Version">The current version afterwards.</param>
/// <param name="Details">What is different, line by line.</param>
public sealed record FeatureChange(string Kind, string Name, string Action, int Version, IReadOnlyList<string> Details);
