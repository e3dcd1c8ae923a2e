using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>
/// Copies what a source delivered into the lake, unchanged and once: the same bytes of the same entity are not copied again. A file can be read as soon as it is copied; that it
/// lasts is seen to meanwhile.
/// </summary>
internal sealed class RawLanding(LakeStore lake) : IAsyncDisposable
{
    private const int BlockBytes = 1 << 20;

    private Task storing = Task.CompletedTask;

    /// <summary>All files landed so far are on the disk, and in the bucket where one holds the lake. To be awaited before they are published.</summary>
    public Task StoredAsync() => storing;

    /// <param name="original">Path or address the file came from.</param>
    /// <exception cref="TaskFailedException">The file changed while it was read; another try reads it again.</exception>
    public async Task<RawDelivery> LandAsync(
        string source, string entity, string path, string original, TaskContext context, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(original);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        // Only a file that may be known is read before it is copied.
        if (await lake.HasRawOfSizeAsync(source, entity, stream.Length, cancellationToken)
            && await lake.FindRawAsync(source, entity, await FileHash.Sha256Async(stream.SafeFileHandle, cancellationToken), cancellationToken) is { } known)
            return new RawDelivery(known with { Original = original }, name);
        var date = context.Time.GetUtcNow().UtcDateTime;
        var folder = Path.Combine("raw", $"source={source}", $"type={entity}", $"date={date:yyyy-MM-dd}");
        Directory.CreateDirectory(lake.Absolute(folder));
        // Under a name of this attempt until it is complete: two attempts may land the same file at the same time.
        var unfinished = Path.Combine(lake.Absolute(folder), $"{name}.{context.Attempt.AttemptId}.part");
        try
        {
            var (sha256, bytes) = await CopyAsync(stream, original, unfinished, cancellationToken);
            var relative = Path.Combine(folder, sha256[..12], name);
            Directory.CreateDirectory(Path.GetDirectoryName(lake.Absolute(relative))!);
            File.Move(unfinished, lake.Absolute(relative), overwrite: true);
            var before = storing;
            storing = Task.Run(() => StoreAsync(relative, before, cancellationToken), CancellationToken.None);
            return new RawDelivery(new RawFile(source, entity, relative, sha256, bytes, original), name);
        }
        catch
        {
            // What filled the disk must not go on filling it until garbage is collected.
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Waits for what is still being stored, but does not say whether that went well.</summary>
    public async ValueTask DisposeAsync() => await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task StoreAsync(string relative, Task before, CancellationToken cancellationToken)
    {
        // One after the other: a disk and a bucket are not faster for many at once.
        await before;
        using (var file = File.OpenHandle(lake.Absolute(relative)))
            RandomAccess.FlushToDisk(file);
        await lake.KeepAsync(relative, cancellationToken);
    }

    private static async Task<(string Sha256, long Bytes)> CopyAsync(FileStream source, string original, string path, CancellationToken cancellationToken)
    {
        var before = Seen(source);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var copy = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var (block, next) = (new byte[Math.Clamp(source.Length, 1, BlockBytes)], new byte[Math.Clamp(source.Length, 1, BlockBytes)]);
        var read = await source.ReadAsync(block, cancellationToken);
        while (read > 0)
        {
            // Files that are not opened for asynchronous use are written and read by other threads, while this one hashes.
            var writing = copy.WriteAsync(block.AsMemory(0, read), cancellationToken);
            var reading = source.ReadAsync(next, cancellationToken);
            hash.AppendData(block, 0, read);
            await writing;
            (block, next, read) = (next, block, await reading);
        }
        if (Seen(source) != before || copy.Length != before.Bytes)
            throw new TaskFailedException($"{original} changed while it was being read. Deliver files under another name and rename them when they are complete.", FailureCause.BadData);
        File.SetUnixFileMode(copy.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), copy.Length);
    }

    private static (long Bytes, DateTime Written) Seen(FileStream file) => (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
}
