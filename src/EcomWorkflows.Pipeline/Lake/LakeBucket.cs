using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake.Objects;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>The bucket that holds the lake, where one does: the folder is then only a cache of what this node wrote or read.</summary>
internal sealed class LakeBucket(ObjectStores? stores, PipelineOptions options)
{
    public bool IsUsed => options.LakeLocation is not null && stores is not null;

    /// <summary>Keeps a file of the folder in the bucket, under the same path.</summary>
    public async Task KeepAsync(string relativePath, CancellationToken cancellationToken)
    {
        if (!IsUsed)
            return;
        using var store = await OpenAsync(cancellationToken);
        await store.UploadAsync(relativePath, Path.Combine(options.LakeFolder, relativePath), cancellationToken);
    }

    /// <summary>Whether the file is in the folder, now that it was fetched from the bucket if that has it.</summary>
    /// <exception cref="TaskFailedException">What the bucket has is not what the catalog names.</exception>
    public async Task<bool> TryFetchAsync(string relativePath, string sha256, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.LakeFolder, relativePath);
        if (File.Exists(path))
            return true;
        if (!IsUsed)
            return false;
        using var store = await OpenAsync(cancellationToken);
        var fetched = $"{path}.{Guid.NewGuid():n}.part";
        try
        {
            await store.DownloadAsync(relativePath, fetched, cancellationToken);
            if (await HashAsync(fetched, cancellationToken) != sha256)
                throw new TaskFailedException($"{store.Location}/{relativePath} is not the file the catalog names (sha256 {sha256}): it was changed or damaged. Restore it from a copy.", FailureCause.BadData, retryable: false);
            File.Move(fetched, path, overwrite: true);
            return true;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }
        finally
        {
            File.Delete(fetched);
        }
    }

    /// <summary>
    /// As <see cref="TryFetchAsync"/>, for a file that is to be named in the catalog once more: other nodes have to find it in the bucket, not in the cache of this one. Where the bucket has
    /// lost it, the cache gives it back.
    /// </summary>
    public async Task<bool> TryReuseAsync(string relativePath, long bytes, string sha256, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.LakeFolder, relativePath);
        if (!IsUsed || !File.Exists(path))
            return await TryFetchAsync(relativePath, sha256, cancellationToken);
        using var store = await OpenAsync(cancellationToken);
        if (await store.FindAsync(relativePath, cancellationToken) is { } kept && kept.Bytes == bytes)
            return true;
        if (await HashAsync(path, cancellationToken) != sha256)
            return false;
        await store.UploadAsync(relativePath, path, cancellationToken);
        return true;
    }

    public Task<IObjectStore> OpenAsync(CancellationToken cancellationToken) => stores!.OpenAsync(options.LakeLocation!, options.LakeConnection, cancellationToken);

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path);
        return await FileHash.Sha256Async(file, cancellationToken);
    }
}
