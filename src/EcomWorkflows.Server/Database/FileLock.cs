namespace EcomWorkflows.Server.Database;

/// <summary>An advisory lock on a file; the kernel releases it when its process ends, however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(25);

    private readonly FileStream stream;

    private FileLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock for this holder alone; null where somebody else holds it.</summary>
    public static FileLock? TryTakeExclusive(string path) => TryTake(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Takes the lock together with other shared holders; null where somebody holds it exclusively.</summary>
    public static FileLock? TryTakeShared(string path) => TryTake(path, FileAccess.Read, FileShare.Read);

    /// <summary>Waits until the lock is free and takes it for this holder alone.</summary>
    public static async Task<FileLock> TakeExclusiveAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTakeExclusive(path) is { } taken)
                return taken;

            await Task.Delay(RetryInterval, time, cancellationToken);
        }
    }

    public void Dispose() => stream.Dispose();

    private static FileLock? TryTake(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, access, share));
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && File.Exists(path))
        {
            // A lock held elsewhere is reported as a sharing violation, which has no exception type of its own.
            return null;
        }
    }
}
