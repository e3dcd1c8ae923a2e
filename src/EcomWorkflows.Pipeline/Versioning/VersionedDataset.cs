namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The version of one dataset a run, or a person, works with.</summary>
/// <param name="IsNew">False when the content was the same as in the version before.</param>
public sealed record VersionedDataset(string Dataset, string Tag, string CommitSha, bool IsNew, int Files, long Bytes, long Rows, string ChangeNote)
{
    internal static VersionedDataset Of(PublishedDataset published)
    {
        var manifest = published.Manifest;
        return new VersionedDataset(
            manifest.Dataset, manifest.Tag, published.CommitSha, published.IsNew, manifest.Files.Count, manifest.Size, manifest.Rows, manifest.ChangeNote);
    }
}
