namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>A schedule that cannot be read; the message names the expression, what is wrong and what is allowed.</summary>
public sealed class ScheduleException(string message) : OrchestrationException(message);
