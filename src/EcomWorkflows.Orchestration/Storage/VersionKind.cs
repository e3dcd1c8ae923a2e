namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Kinds of <see cref="VersionFilter"/>.</summary>
public enum VersionKind
{
    AllVersions,
    Latest,
    Published,
    Draft,
    LatestOrPublished,
    LatestAndPublished,
    Number,
}
