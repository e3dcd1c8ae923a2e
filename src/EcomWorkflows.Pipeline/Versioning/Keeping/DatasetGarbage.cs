namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Removes content from the cache that nothing in the repository's whole history points at.</summary>
public sealed class DatasetGarbage
{
    private readonly ContentCache cache;
    private readonly DatasetVersions versions;
    private readonly DatasetRepository repository;
    private readonly TimeProvider time;

    internal DatasetGarbage(ContentCache cache, DatasetVersions versions, PipelineOptions options, TimeProvider time)
    {
        this.cache = cache;
        this.versions = versions;
        this.time = time;
        repository = new DatasetRepository(options, time);
    }

    /// <param name="olderThan">Younger content is left alone: a run may be about to tag it.</param>
    /// <param name="dryRun">Only says what would go.</param>
    /// <exception cref="DatasetStoreException">What some version needs cannot be told; nothing was removed.</exception>
    public async Task<GarbageReport> CollectAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        repository.Require();
        // Publishing takes the same lock before it looks whether its content is there.
        using var held = await repository.LockAsync(cancellationToken);
        var needed = await NeededAsync(cancellationToken);
        var before = time.GetUtcNow().UtcDateTime - olderThan;
        var (garbage, young, kept) = (new List<GarbageFile>(), 0, 0);
        foreach (var (md5, file) in cache.All().ToList())
        {
            if (md5 is not null && needed.Contains(md5))
            {
                kept++;
                continue;
            }
            if (file.LastWriteTimeUtc >= before)
            {
                young++;
                continue;
            }
            garbage.Add(new GarbageFile(file.FullName, file.Length, md5 is null ? "left by a write that did not finish" : "no version needs it"));
        }
        if (!dryRun)
            garbage.ForEach(g => File.Delete(g.Path));
        return new GarbageReport(dryRun, [.. garbage.OrderByDescending(g => g.Bytes).ThenBy(g => g.Path, StringComparer.Ordinal)], kept, young);
    }

    private async Task<HashSet<string>> NeededAsync(CancellationToken cancellationToken)
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
