using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="FailTask"/>.</summary>
public sealed record FailInputs
{
    [TaskInput("What the run page says about the failure.")]
    public string Message { get; init; } = "This task always fails.";

    [TaskInput("Cause of the failure.")]
    public FailureCause Cause { get; init; } = FailureCause.UserError;

    [TaskInput("Whether the task's retries apply; otherwise it fails at once.")]
    public bool Retryable { get; init; }
}
