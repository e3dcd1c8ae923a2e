using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Nothing may be written into the dataset repository: it belongs to another account, or is on a file system that is read-only.</summary>
public sealed class ClosedRepositoryException(string message, Exception? innerException = null)
    : TaskFailedException(message, FailureCause.Dependency, retryable: false, innerException)
{
    internal static ClosedRepositoryException At(string folder, Exception refusal) => At(folder, refusal.Message, refusal);

    /// <param name="reason">What the system or git said.</param>
    internal static ClosedRepositoryException At(string folder, string reason, Exception? refusal = null)
    {
        // The folder alone, where there is none yet: what lies above it may be the system's.
        var right = Directory.Exists(folder) ? $"chown -R {Environment.UserName} {folder}" : $"mkdir -p {folder} && chown {Environment.UserName} {folder}";
        return new(
            $"The dataset repository {folder} must be writable for the user '{Environment.UserName}', who runs this program, and is not ({reason.TrimEnd('.')}). "
            + $"Give this user the right to ({right}), mount its file system writable, or set ECOM_HOME to a folder where "
            + "both hold: all of the program's state is then there, this repository as its data-versions.",
            refusal);
    }
}
