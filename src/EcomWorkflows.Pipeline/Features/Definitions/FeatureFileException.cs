using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>Definition files cannot be used as they are; nothing was changed.</summary>
public sealed class FeatureFileException(IReadOnlyList<FeatureFileProblem> problems)
    : TaskFailedException(string.Join(Environment.NewLine, problems), retryable: false)
{
    public IReadOnlyList<FeatureFileProblem> Problems { get; } = problems;
}
