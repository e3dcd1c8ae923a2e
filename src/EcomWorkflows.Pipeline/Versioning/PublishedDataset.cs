namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The version a run's dataset has now.</summary>
/// <param name="IsNew">False when the content was already versioned.</param>
internal sealed record PublishedDataset(DatasetManifest Manifest, string CommitSha, bool IsNew)
{
    /// <summary>Place of the manifest in the repository.</summary>
    public static string ManifestPath(string dataset) => dataset + ".json";

    /// <summary>Place of the pointer file in the repository.</summary>
    public static string PointerPath(string dataset) => dataset + ".dvc";

    /// <summary>Place of the file that keeps the data itself out of git.</summary>
    public static string IgnorePath(string dataset) => dataset[..(dataset.LastIndexOf('/') + 1)] + ".gitignore";
}
