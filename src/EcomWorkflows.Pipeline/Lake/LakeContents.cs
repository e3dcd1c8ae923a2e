namespace EcomWorkflows.Pipeline.Lake;

/// <summary>What lies in the lake's folder and bucket, whether the catalog names it or not.</summary>
internal sealed class LakeContents(LakeBucket bucket, PipelineOptions options)
{
    /// <summary>The files that were written before a time, and when.</summary>
    public async Task<IReadOnlyList<(GarbageFile File, DateTimeOffset Written)>> ListAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var found = new List<(GarbageFile, DateTimeOffset)>();
        if (Directory.Exists(options.LakeFolder))
        {
            found.AddRange(new DirectoryInfo(options.LakeFolder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => IsOld(file, before))
                .Select(file => (new GarbageFile(Path.GetRelativePath(options.LakeFolder, file.FullName), file.Length, "folder"), new DateTimeOffset(file.LastWriteTimeUtc))));
        }
        if (!bucket.IsUsed)
            return found;
        using var store = await bucket.OpenAsync(cancellationToken);
        await foreach (var stored in store.ListAsync("", cancellationToken))
        {
            if (stored.Modified < before)
                found.Add((new GarbageFile(stored.Key, stored.Bytes, "bucket"), stored.Modified));
        }
        return found;
    }

    /// <summary>Files come and go while they are listed; one that is gone has no age.</summary>
    public static bool IsOld(FileInfo file, DateTimeOffset before) => file.Exists && file.LastWriteTimeUtc < before.UtcDateTime;

    public async Task DeleteAsync(IReadOnlyList<GarbageFile> garbage, CancellationToken cancellationToken)
    {
        using var store = bucket.IsUsed ? await bucket.OpenAsync(cancellationToken) : null;
        foreach (var file in garbage)
        {
            if (file.Place == "folder")
                DeleteLocal(file.Path);
            else
                await store!.DeleteAsync(file.Path, cancellationToken);
        }
    }

    private void DeleteLocal(string relativePath)
    {
        try
        {
            File.Delete(Path.Combine(options.LakeFolder, relativePath));
        }
        catch (DirectoryNotFoundException)
        {
            // Not on this node.
        }
    }
}
