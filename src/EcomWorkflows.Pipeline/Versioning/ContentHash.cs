using System.Security.Cryptography;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Both hashes of a content, from reading it once.</summary>
internal sealed record ContentHash(string Md5, string Sha256, long Bytes)
{
    /// <summary>Hexadecimal digits; what follows them in a pointer is <c>.dir</c>.</summary>
    public const int Md5Length = 32;

    private const int BufferSize = 1 << 20;

    public static async Task<ContentHash> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        return await CopyAsync(stream, Stream.Null, cancellationToken);
    }

    /// <summary>Hashes what it copies.</summary>
    public static async Task<ContentHash> CopyAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
#pragma warning disable CA5351 // MD5 names content in DVC's cache; it protects nothing.
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        var bytes = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            md5.AppendData(buffer, 0, read);
            sha256.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            bytes += read;
        }
        return new ContentHash(Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()), bytes);
    }
}
