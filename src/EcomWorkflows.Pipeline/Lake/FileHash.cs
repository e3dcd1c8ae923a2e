using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>SHA-256 of files. What .NET offers for streams reads a few kilobytes at a time, each on another thread, and takes nearly three times the processor time.</summary>
internal static class FileHash
{
    private const int BlockBytes = 1 << 18;

    /// <summary>Of the whole file, wherever its reader stands.</summary>
    public static Task<string> Sha256Async(SafeFileHandle file, CancellationToken cancellationToken) => Task.Run(() => Sha256(file, cancellationToken), cancellationToken);

    private static string Sha256(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(RandomAccess.GetLength(file), 1, BlockBytes));
        var offset = 0L;
        int read;
        while ((read = RandomAccess.Read(file, block, offset)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, read);
            offset += read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
