using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>There is no room for the content of a dataset version.</summary>
public sealed class DiskFullException(string message, Exception? innerException = null)
    : TaskFailedException(message, FailureCause.Dependency, innerException: innerException)
{
    // Linux's and macOS's number for "no space left on device"; over-quota writes fail with the other.
    private const int NoSpace = 28;

    private const int OverQuota = 122;

    /// <summary>Whether this is how the system says that the disk is full.</summary>
    public static bool IsReason(IOException problem) => problem.HResult is NoSpace or OverQuota;

    public static DiskFullException At(string folder, long? bytes, IOException problem) => new(
        $"The disk that holds {folder} is full{(bytes is { } needed ? $": {needed:#,0} bytes more are needed" : "")}. Free some space (./ecom datasets gc says what no version needs), then try again. Nothing was changed.",
        problem);
}
