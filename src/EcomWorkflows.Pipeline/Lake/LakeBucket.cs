using System.Security.Cryptography;
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
            await using (var stream = File.OpenRead(fetched))
            {
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) != sha256)
                    throw new TaskFailedException($"{store.Location}/{relativePath} is not the file the catalog names (sha256 {sha256}): it was changed or damaged. Restore it from a copy.", FailureCause.BadData, retryable: false);
            }
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

    public Task<IObjectStore> OpenAsync(CancellationToken cancellationToken) => stores!.OpenAsync(options.LakeLocation!, options.LakeConnection, cancellationToken);
}
