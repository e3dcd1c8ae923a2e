using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="WaitTask"/>.</summary>
public sealed record WaitOutputs([property: TaskInput("Instant that was waited for.")] DateTimeOffset Until);
