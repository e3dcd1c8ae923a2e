using System.Collections.Concurrent;
using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Content by its MD5, laid out as DVC's cache: <c>files/md5/&lt;first 2&gt;/&lt;remaining 30&gt;</c>, read-only. The same bytes are stored once.</summary>
internal sealed class ContentCache(PipelineOptions options)
{
    private const int BufferSize = 1 << 20;

    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Folder => options.CacheFolder;

    /// <summary>Where the content with this hash lies.</summary>
    public string PathOf(string md5) => Path.Combine(options.CacheFolder, "files", "md5", md5[..2], md5[2..]);

    /// <summary>Hashes the files, several at a time, and puts them into the cache.</summary>
    /// <exception cref="TaskFailedException">A file the catalog lists is gone; the message names it.</exception>
    public async Task<IReadOnlyList<CachedFile>> AddAsync(IReadOnlyList<DatasetFile> files, CancellationToken cancellationToken)
    {
        var cached = new ConcurrentDictionary<string, CachedFile>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellationToken },
            async (file, ct) => cached[file.RelativePath] = await AddAsync(file, ct));
        return [.. cached.Values.OrderBy(f => f.RelativePath, StringComparer.Ordinal)];
    }

    /// <summary>Puts a small text (a folder's list) into the cache under a hash already computed.</summary>
    public async Task AddAsync(string md5, byte[] content, CancellationToken cancellationToken)
    {
        var target = PathOf(md5);
        if (File.Exists(target))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = Temporary(target);
        await File.WriteAllBytesAsync(temporary, content, cancellationToken);
        MoveIn(temporary, target);
    }

    private async Task<CachedFile> AddAsync(DatasetFile file, CancellationToken cancellationToken)
    {
        try
        {
            var (md5, bytes) = await HashAsync(file.Path, cancellationToken);
            var target = PathOf(md5);
            if (!File.Exists(target))
                Store(file.Path, target);
            return new CachedFile(file.RelativePath, md5, file.Sha256, bytes, file.Rows);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TaskFailedException(
                $"{file.Path} is listed in the lake's catalog but is not there. Rerun the task that made it.", FailureCause.Dependency, innerException: missing);
        }
    }

    private static void Store(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = Temporary(target);
        // A linked file shares its mode with the lake's name for it; lake files are immutable, so read-only is what they are.
        if (!HardLink.TryCreate(path, temporary))
            File.Copy(path, temporary);
        MoveIn(temporary, target);
    }

    private static void MoveIn(string temporary, string target)
    {
        File.SetUnixFileMode(temporary, ReadOnly);
        // Renaming is atomic: a reader sees the whole content or none. When another attempt was faster, both are the same bytes.
        File.Move(temporary, target, overwrite: true);
        // Renaming one name of a file onto another name of the same file does nothing.
        File.Delete(temporary);
    }

    private static string Temporary(string target) => $"{target}.{Guid.NewGuid():n}.tmp";

    private static async Task<(string Md5, long Bytes)> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
#pragma warning disable CA5351 // MD5 names content in DVC's cache; it protects nothing.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        var bytes = 0L;
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            bytes += read;
        }
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }
}
