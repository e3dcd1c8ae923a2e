using System.Runtime.CompilerServices;

namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>Objects as files of a folder.</summary>
public sealed class DirectoryObjectStore(string folder) : IObjectStore
{
    /// <summary>End of the names of files that are still being written; they are no objects.</summary>
    private const string Unfinished = ".part";

    private readonly string root = Path.GetFullPath(folder);

    public string Location => root;

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (key, file) in Files(prefix).OrderBy(found => found.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Describe(key, file) is { } found)
                yield return found;
        }
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult(Describe(key, new FileInfo(PathOf(key))));

    public async Task DownloadAsync(string key, string path, CancellationToken cancellationToken)
    {
        await using var source = OpenRead(key);
        await WriteWholeAsync(source, path, cancellationToken);
    }

    public async Task UploadAsync(string key, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            await WriteWholeAsync(source, PathOf(key), cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(key, failure);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Not there: that is what was asked for.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(key, failure);
        }
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }

    /// <summary>Writes beside the target and renames: nobody sees half a file, and two writers of the same do not meet.</summary>
    internal static Task WriteWholeAsync(Stream source, string path, CancellationToken cancellationToken) =>
        WriteWholeAsync(path, target => source.CopyToAsync(target, 1 << 20, cancellationToken));

    /// <param name="write">Writes what the file is to hold.</param>
    internal static async Task WriteWholeAsync(string path, Func<FileStream, Task> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():n}{Unfinished}";
        try
        {
            await using (var target = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await write(target);
                target.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private FileStream OpenRead(string key)
    {
        try
        {
            return new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectNotFoundException(root, key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(key, failure);
        }
    }

    private IEnumerable<(string Key, FileInfo File)> Files(string prefix)
    {
        // Only the folder the prefix leads into is walked.
        var start = Path.Combine(root, prefix[..(prefix.LastIndexOf('/') + 1)]);
        return !Directory.Exists(start)
            ? []
            : new DirectoryInfo(start).EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(file => (Key: Path.GetRelativePath(root, file.FullName), File: file))
                .Where(found => found.Key.StartsWith(prefix, StringComparison.Ordinal) && !found.Key.EndsWith(Unfinished, StringComparison.Ordinal));
    }

    private static StoredObject? Describe(string key, FileInfo file)
    {
        file.Refresh();
        return file.Exists ? new StoredObject(key, file.Length, file.LastWriteTimeUtc, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}") : null;
    }

    private string PathOf(string key) => Path.Combine(root, ObjectKey.Check(key));

    private ObjectStoreException Failed(string key, Exception failure) =>
        new($"{root}: '{key}': {failure.Message} Check that the folder exists, is writable and has room.", retryable: failure is IOException, failure);
}
