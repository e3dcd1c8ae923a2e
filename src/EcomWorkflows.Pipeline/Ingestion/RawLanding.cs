using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Copies what a source delivered into the lake, unchanged and once: the same bytes of the same entity are not copied again.</summary>
internal sealed class RawLanding(LakeStore lake)
{
    private const int BlockBytes = 1 << 20;

    /// <param name="original">Path or address the file came from.</param>
    /// <exception cref="TaskFailedException">The file changed while it was read; another try reads it again.</exception>
    public async Task<RawDelivery> LandAsync(
        string source, string entity, string path, string original, TaskContext context, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(original);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BlockBytes, FileOptions.SequentialScan);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        if (await lake.FindRawAsync(source, entity, sha256, cancellationToken) is { } known)
            return new RawDelivery(known with { Original = original }, name);
        var date = context.Time.GetUtcNow().UtcDateTime;
        var relative = Path.Combine("raw", $"source={source}", $"type={entity}", $"date={date:yyyy-MM-dd}", sha256[..12], name);
        var target = lake.Absolute(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        stream.Position = 0;
        var copied = await CopyAsync(stream, target, context.Attempt.AttemptId, cancellationToken);
        if (copied.Sha256 != sha256)
        {
            File.Delete(target);
            throw new TaskFailedException($"{original} changed while it was being read. Deliver files under another name and rename them when they are complete.", FailureCause.BadData);
        }
        await lake.KeepAsync(relative, cancellationToken);
        return new RawDelivery(new RawFile(source, entity, relative, sha256, copied.Bytes, original), name);
    }

    private static async Task<(string Sha256, long Bytes)> CopyAsync(Stream source, string target, long attemptId, CancellationToken cancellationToken)
    {
        // Under a name of this attempt until it is complete: two attempts may land the same file at the same time.
        var unfinished = $"{target}.{attemptId}.part";
        try
        {
            var copied = await WriteAsync(source, unfinished, cancellationToken);
            File.SetUnixFileMode(unfinished, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            File.Move(unfinished, target, overwrite: true);
            return copied;
        }
        catch
        {
            // What filled the disk must not go on filling it until garbage is collected.
            File.Delete(unfinished);
            throw;
        }
    }

    private static async Task<(string Sha256, long Bytes)> WriteAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var copy = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[BlockBytes];
        int read;
        while ((read = await source.ReadAsync(block, cancellationToken)) > 0)
        {
            hash.AppendData(block, 0, read);
            await copy.WriteAsync(block.AsMemory(0, read), cancellationToken);
        }
        copy.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), copy.Length);
    }
}
