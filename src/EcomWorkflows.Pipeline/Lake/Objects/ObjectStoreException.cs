using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>A directory or bucket could not be reached, or refused.</summary>
public class ObjectStoreException(string message, bool retryable, Exception? innerException = null)
    : TaskFailedException(message, FailureCause.Dependency, retryable, innerException);
