namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Removes content from the cache that nothing in the repository's whole history points at.</summary>
public sealed class DatasetGarbage
{
    private readonly ContentCache cache;
    private readonly NeededContent needed;
    private readonly DatasetRepository repository;
    private readonly TimeProvider time;

    internal DatasetGarbage(ContentCache cache, DatasetVersions versions, PipelineOptions options, TimeProvider time)
    {
        this.cache = cache;
        this.time = time;
        repository = new DatasetRepository(options, time);
        needed = new NeededContent(cache, versions, repository);
    }

    /// <param name="olderThan">Younger content is left alone: a run may be about to tag it.</param>
    /// <param name="dryRun">Only says what would go.</param>
    /// <exception cref="DatasetStoreException">What some version needs cannot be told; nothing was removed.</exception>
    public async Task<GarbageReport> CollectAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        repository.Require();
        // Publishing takes the same lock before it looks whether its content is there.
        using var held = await repository.LockAsync(cancellationToken);
        var wanted = await needed.FindAsync(cancellationToken);
        var before = time.GetUtcNow().UtcDateTime - olderThan;
        var (garbage, young, kept) = (new List<GarbageFile>(), 0, 0);
        foreach (var (md5, file) in cache.All().ToList())
        {
            if (md5 is not null && wanted.Contains(md5))
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
}
