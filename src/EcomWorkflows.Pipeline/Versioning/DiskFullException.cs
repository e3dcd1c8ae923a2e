using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>There is no room for the content of a dataset version.</summary>
public sealed class DiskFullException(string message, Exception? innerException = null)
    : TaskFailedException(message, FailureCause.Dependency, innerException: innerException)
{
    public static DiskFullException At(string folder, long? bytes, IOException problem) => new(
        $"The disk that holds {folder} is full{(bytes is { } needed ? $": {needed:#,0} bytes more are needed" : "")}. Free some space (./ecom datasets gc says what no version needs), then try again. Nothing was changed.",
        problem);
}
