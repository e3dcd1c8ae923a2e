using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Says before the work begins that the native library is missing, in the words of <c>./ecom doctor</c>.</summary>
internal static class XGBoostRequirement
{
    /// <exception cref="TaskFailedException">libxgboost cannot be loaded.</exception>
    internal static void Check()
    {
        if (!XGBoostLibrary.IsAvailable(out string? cure))
            throw Missing(cure!, null);
    }

    internal static TaskFailedException Missing(string cure, Exception? cause) =>
        new($"{cure} (./ecom doctor checks all of them.)", FailureCause.Dependency, retryable: false, innerException: cause);
}
