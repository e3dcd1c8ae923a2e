using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Nothing may be written into the cache of dataset contents: it belongs to another account, or is on a file system that is read-only.</summary>
public sealed class ClosedCacheException(string message, Exception? innerException = null)
    : TaskFailedException(message, FailureCause.Dependency, retryable: false, innerException)
{
    internal static ClosedCacheException At(string folder, Exception refusal) => new(
        $"The cache {folder} cannot be written to by the user '{Environment.UserName}' ({refusal.Message.TrimEnd('.')}). "
        + $"Give this user the right to (chown -R {Environment.UserName} {folder}), mount its file system writable, or make {folder} a link to a folder where both hold.",
        refusal);
}
