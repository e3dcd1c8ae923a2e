namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Tells which content the versions of a repository need.</summary>
internal sealed class NeededContent(ContentCache cache, DatasetVersions versions, DatasetRepository repository)
{
    /// <summary>MD5 of every content that a pointer in any commit of any branch or tag needs, the files of folders among them.</summary>
    /// <exception cref="DatasetStoreException">What some version needs cannot be told.</exception>
    public async Task<HashSet<string>> FindAsync(CancellationToken cancellationToken)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pointer in await repository.PointersAsync(cancellationToken))
        {
            if (needed.Add(pointer.Md5) && pointer.IsFolder)
                needed.UnionWith(await FilesAsync(pointer, cancellationToken));
        }
        return needed;
    }

    private async Task<IEnumerable<string>> FilesAsync(DvcPointer folder, CancellationToken cancellationToken)
    {
        if (cache.Has(folder.Md5))
        {
            try
            {
                return DvcPointer.ParseList(await File.ReadAllBytesAsync(cache.PathOf(folder.Md5), cancellationToken)).Select(f => f.Md5);
            }
            catch (FormatException)
            {
                // Damaged: the manifest knows as well.
            }
        }
        return await versions.FilesOfContentAsync(folder.Md5, cancellationToken) ?? throw new DatasetStoreException(
            $"The list {cache.PathOf(folder.Md5)} of the files of '{folder.Path}' is missing or damaged, and no manifest has it: which files it needs is not known. "
            + "Nothing was removed. Fetch it with: ./ecom datasets pull");
    }
}
