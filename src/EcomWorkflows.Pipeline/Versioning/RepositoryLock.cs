namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Lets one writer at a time into the dataset repository, also writers with another database; the kernel releases it when its process ends.</summary>
internal sealed class RepositoryLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(25);

    private readonly FileStream stream;

    private RepositoryLock(FileStream stream) => this.stream = stream;

    /// <exception cref="ClosedRepositoryException">Nothing may be written into the repository.</exception>
    public static async Task<RepositoryLock> TakeAsync(string repositoryFolder, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Path.Combine(repositoryFolder, ".ecom.lock");
        while (true)
        {
            try
            {
                Directory.CreateDirectory(repositoryFolder);
                return new RepositoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception refusal) when (ClosedFolder.IsReason(refusal))
            {
                throw ClosedRepositoryException.At(repositoryFolder, refusal);
            }
            catch (IOException held) when (held is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
            {
                // A lock held elsewhere is reported as a sharing violation, which has no exception type of its own.
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
        }
    }

    public void Dispose() => stream.Dispose();
}
