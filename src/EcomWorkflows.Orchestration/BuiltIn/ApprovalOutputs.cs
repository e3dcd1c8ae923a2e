using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="ApprovalTask"/>.</summary>
public sealed record ApprovalOutputs(
    [property: TaskInput("The option that was chosen.")] string Decision,
    [property: TaskInput("Who chose it; 'timeout' where nobody did.")] string DecidedBy,
    [property: TaskInput("What they wrote.")] string? Comment,
    [property: TaskInput("When.")] DateTimeOffset DecidedAt);
