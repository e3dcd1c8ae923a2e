using System.Collections.Concurrent;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Content by its MD5, laid out as DVC's cache: <c>files/md5/&lt;first 2&gt;/&lt;remaining 30&gt;</c>, read-only. The same bytes are stored once.</summary>
internal sealed class ContentCache(PipelineOptions options, TimeProvider time)
{
    private const string TemporaryExtension = ".tmp";

    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Folder => options.CacheFolder;

    /// <summary>Where the content with this hash lies.</summary>
    public string PathOf(string md5) => Path.Combine(options.CacheFolder, KeyOf(md5));

    /// <summary>Place of a content in a cache or remote, with forward slashes.</summary>
    public static string KeyOf(string md5) => $"files/md5/{md5[..2]}/{md5[2..]}";

    public bool Has(string md5) => File.Exists(PathOf(md5));

    /// <summary>Everything in the cache, and what unfinished writes left behind (with a null hash).</summary>
    public IEnumerable<(string? Md5, FileInfo File)> All()
    {
        var root = new DirectoryInfo(Path.Combine(options.CacheFolder, "files", "md5"));
        return root.Exists
            // Files come and go while they are listed.
            ? root.EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.Exists).Select(f => (f.Extension == TemporaryExtension ? null : f.Directory!.Name + f.Name, f))
            : [];
    }

    /// <summary>Hashes the files, several at a time, and puts them into the cache.</summary>
    /// <exception cref="TaskFailedException">A file the catalog lists is gone; the message names it.</exception>
    /// <exception cref="DiskFullException">There is no room.</exception>
    /// <exception cref="ClosedCacheException">Nothing may be written there.</exception>
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
        if (Touch(PathOf(md5)))
            return;
        await using var source = new MemoryStream(content);
        var (temporary, _) = await WriteAsync(source, content.Length, cancellationToken);
        Place(temporary, md5);
    }

    /// <summary>Takes in content from elsewhere, after checking that it is what its hash says.</summary>
    /// <param name="download">Writes it to a path, down to the disk.</param>
    /// <exception cref="DatasetStoreException">It is not.</exception>
    /// <exception cref="DiskFullException">There is no room.</exception>
    /// <exception cref="ClosedCacheException">Nothing may be written there.</exception>
    public async Task ReceiveAsync(string md5, Func<string, Task> download, string origin, CancellationToken cancellationToken)
    {
        var target = PathOf(md5);
        var temporary = Temporary(target);
        MakeFolderOf(target);
        try
        {
            await download(temporary);
            var hash = await ContentHash.OfFileAsync(temporary, cancellationToken);
            if (hash.Md5 != md5[..ContentHash.Md5Length])
            {
                throw new DatasetStoreException(
                    $"{origin} does not hold what its name says: its MD5 is {hash.Md5}. It was not taken over; push it again from a repository in which ./ecom datasets verify finds nothing.");
            }
            // Damaged content under this name gives way.
            MoveIn(temporary, target);
        }
        catch (IOException full) when (FullDisk.IsReason(full))
        {
            throw DiskFullException.At(options.CacheFolder, null, full);
        }
        catch (Exception refusal) when (ClosedFolder.IsReason(refusal))
        {
            throw ClosedCacheException.At(options.CacheFolder, refusal);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task<CachedFile> AddAsync(DatasetFile file, CancellationToken cancellationToken)
    {
        try
        {
            var hash = file.IsImmutable ? await ShareAsync(file, cancellationToken) : await CopyAsync(file, cancellationToken);
            if (file.Sha256 is { } listed && listed != hash.Sha256)
            {
                throw new TaskFailedException(
                    $"{file.Path} is not what the lake's catalog says: its SHA-256 is {hash.Sha256}, listed is {listed}. Rerun the task that made it.",
                    FailureCause.BadData, retryable: false);
            }
            return new CachedFile(file.RelativePath, hash.Md5, hash.Sha256, hash.Bytes, file.Rows);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TaskFailedException(
                $"{file.Path} is listed in the lake's catalog but is not there. Rerun the task that made it.", FailureCause.Dependency, innerException: missing);
        }
    }

    private async Task<ContentHash> ShareAsync(DatasetFile file, CancellationToken cancellationToken)
    {
        var hash = await ContentHash.OfFileAsync(file.Path, cancellationToken);
        var target = PathOf(hash.Md5);
        if (Touch(target))
            return hash;
        MakeFolderOf(target);
        var temporary = Temporary(target);
        // A linked file shares its mode with the lake's name for it; lake files are immutable, so read-only is what they are.
        if (!HardLink.TryCreate(file.Path, temporary))
            return await CopyAsync(file, cancellationToken);
        MoveIn(temporary, target);
        Touch(target);
        return hash;
    }

    /// <summary>Hashes exactly the bytes it copies: somebody may be writing to the file.</summary>
    private async Task<ContentHash> CopyAsync(DatasetFile file, CancellationToken cancellationToken)
    {
        await using var source = File.OpenRead(file.Path);
        var (temporary, hash) = await WriteAsync(source, source.Length, cancellationToken);
        Place(temporary, hash.Md5);
        return hash;
    }

    /// <summary>Marks content that is there as in use, so that a collection of garbage in another process spares it until it is tagged.</summary>
    private bool Touch(string target)
    {
        if (!File.Exists(target))
            return false;
        try
        {
            File.SetLastWriteTimeUtc(target, time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception refusal) when (ClosedFolder.IsReason(refusal))
        {
            // A cache shared with another account, or one that is read-only: its age stays, its content serves as well.
            return true;
        }
    }

    /// <summary>Writes into the cache's folder, down to the disk, under a name nobody asks for.</summary>
    private async Task<(string Path, ContentHash Hash)> WriteAsync(Stream source, long bytes, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.CacheFolder, "files", "md5");
        var temporary = Temporary(Path.Combine(folder, "incoming"));
        MakeFolderOf(temporary);
        try
        {
            await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
            var hash = await ContentHash.CopyAsync(source, file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            // The commit that will name it survives a power failure, so it has to.
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            return (temporary, hash);
        }
        catch (Exception problem)
        {
            File.Delete(temporary);
            if (problem is IOException full && FullDisk.IsReason(full))
                throw DiskFullException.At(folder, bytes, full);
            if (ClosedFolder.IsReason(problem))
                throw ClosedCacheException.At(options.CacheFolder, problem);
            throw;
        }
    }

    private void Place(string temporary, string md5)
    {
        var target = PathOf(md5);
        if (Touch(target))
        {
            File.Delete(temporary);
            return;
        }
        MakeFolderOf(target);
        MoveIn(temporary, target);
    }

    private void MakeFolderOf(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (IOException full) when (FullDisk.IsReason(full))
        {
            throw DiskFullException.At(options.CacheFolder, null, full);
        }
        catch (Exception refusal) when (ClosedFolder.IsReason(refusal))
        {
            throw ClosedCacheException.At(options.CacheFolder, refusal);
        }
    }

    private static void MoveIn(string temporary, string target)
    {
        File.SetUnixFileMode(temporary, ReadOnly);
        // Renaming is atomic: a reader sees the whole content or none. When another attempt was faster, both are the same bytes.
        File.Move(temporary, target, overwrite: true);
        // Renaming one name of a file onto another name of the same file does nothing.
        File.Delete(temporary);
    }

    private static string Temporary(string target) => $"{target}.{Guid.NewGuid():n}{TemporaryExtension}";
}
