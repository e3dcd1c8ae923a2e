namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Which versions of DAGs a list is about; the names are Elsa's.</summary>
/// <param name="Number">The version number, for <see cref="VersionKind.Number"/>.</param>
public sealed record VersionFilter(VersionKind Kind, int Number = 0)
{
    public static VersionFilter All { get; } = new(VersionKind.AllVersions);

    public static VersionFilter Latest { get; } = new(VersionKind.Latest);

    public static VersionFilter Published { get; } = new(VersionKind.Published);
}
