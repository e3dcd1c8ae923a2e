using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Bench.Orchestrator;

internal sealed record WorkInputs
{
    [TaskInput("How long it takes.")]
    public int Milliseconds { get; init; }

    [TaskInput("How many tries fail.")]
    public int Failures { get; init; }
}
