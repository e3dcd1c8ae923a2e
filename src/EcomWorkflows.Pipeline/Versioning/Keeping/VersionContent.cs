namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Copies content of a version out of the cache, and never content that is not the version's.</summary>
internal sealed class VersionContent(ContentCache cache)
{
    /// <summary>Writes a file of a version to a new place, on the disk when this returns, hashing it on the way.</summary>
    /// <exception cref="DatasetStoreException">The cache lacks the content, or what it has is damaged.</exception>
    public async Task WriteAsync(DatasetVersion version, CachedFile file, string path, CancellationToken cancellationToken)
    {
        var content = cache.PathOf(file.Md5);
        if (!File.Exists(content))
            throw new DatasetStoreException($"{content} is missing: it is {file.RelativePath} of {version.Tag}. Fetch it with: ./ecom datasets pull {version.Tag}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var source = File.OpenRead(content);
        await using var copy = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        var hash = await ContentHash.CopyAsync(source, copy, cancellationToken);
        if (hash.Md5 != file.Md5 || hash.Sha256 != file.Sha256)
        {
            throw new DatasetStoreException(
                $"{content} is damaged: its MD5 is {hash.Md5}, and it should be {file.RelativePath} of {version.Tag}. Nothing was checked out. Delete it and fetch it again with: ./ecom datasets pull {version.Tag}");
        }
        await copy.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(copy.SafeFileHandle);
    }
}
