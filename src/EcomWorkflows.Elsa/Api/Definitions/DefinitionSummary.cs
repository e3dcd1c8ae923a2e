using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>A definition in Elsa's lists.</summary>
/// <param name="SourceFile">Ours: the workflow file it came from.</param>
/// <param name="IsEdited">Ours: whether it means something else than that file.</param>
internal sealed record DefinitionSummary(
    string Id, string DefinitionId, string Name, string? Description, int Version, string ToolVersion, bool IsLatest, bool IsPublished, bool IsReadonly,
    string? ProviderName, string MaterializerName, bool IsMaterializerAvailable, DateTimeOffset CreatedAt, IReadOnlyList<Link> Links, string? SourceFile, bool IsEdited)
{
    public static DefinitionSummary Of(DefinitionInfo info, bool canEdit) => new(
        info.Id.ToString(), info.DagId, info.Name, Described(info), info.Version, "3.8.2.0", info.IsLatest, info.IsPublished, IsReadonly: !canEdit,
        ProviderName: null, "Json", IsMaterializerAvailable: true, info.CreatedAt, Link.OfDefinition(info.DagId, canEdit), info.SourceFile, info.IsEdited);

    /// <summary>Studio's list has no column for it, so the description begins with it.</summary>
    private static string? Described(DefinitionInfo info) => info.IsEdited ? $"[edited, differs from {info.SourceFile}] {info.Description}".TrimEnd() : info.Description;
}
