using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The git program refused; the message holds its own words.</summary>
public sealed class GitException(string message, Exception? innerException = null)
    : TaskFailedException(message, FailureCause.Dependency, innerException: innerException);
