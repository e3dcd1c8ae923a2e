namespace EcomWorkflows.Pipeline.Versioning.Exchange;

/// <summary>Joins two histories that went on separately, each with versions of other datasets.</summary>
internal sealed class HistoryMerge(DatasetRepository repository, TimeProvider time)
{
    /// <summary>A commit with both as parents: of each dataset the state of the side that has more versions of it.</summary>
    public async Task<string> CommitAsync(string ours, string theirs, CancellationToken cancellationToken)
    {
        var own = (await repository.ManifestsAsync(ours, cancellationToken)).ToDictionary(m => m.Dataset, StringComparer.Ordinal);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ChangeLog.Path] = ChangeLog.Merge(
                await repository.ReadAsync(ours, ChangeLog.Path, cancellationToken), await repository.ReadAsync(theirs, ChangeLog.Path, cancellationToken)),
        };
        foreach (var manifest in (await repository.ManifestsAsync(theirs, cancellationToken)).Where(m => !own.TryGetValue(m.Dataset, out var mine) || mine.Version < m.Version))
        {
            foreach (var path in new[] { PublishedDataset.ManifestPath(manifest.Dataset), PublishedDataset.PointerPath(manifest.Dataset) })
                files[path] = (await repository.ReadAsync(theirs, path, cancellationToken))!;
            var ignore = PublishedDataset.IgnorePath(manifest.Dataset);
            var lines = ((await repository.ReadAsync(ours, ignore, cancellationToken)) + "\n" + await repository.ReadAsync(theirs, ignore, cancellationToken))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            files[ignore] = string.Join('\n', lines) + "\n";
        }
        return await repository.CommitAsync(ours, files, "Versions of two repositories joined\n", time.GetUtcNow(), cancellationToken, theirs);
    }
}
