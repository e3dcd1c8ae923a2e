using System.Text.Json;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Online features of some entities, by column.</summary>
/// <param name="JoinKey">Name of the first column: the entities as they were asked for.</param>
/// <param name="Views">Views used, with their versions.</param>
public sealed record OnlineFeaturesAnswer(
    string JoinKey,
    IReadOnlyList<JsonElement> Entities,
    IReadOnlyList<OnlineFeatureColumn> Columns,
    IReadOnlyList<(string Name, int Version)> Views,
    bool WithVersions);
