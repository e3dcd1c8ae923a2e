namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>An attempt that has not ended: what it publishes still counts.</summary>
/// <param name="IsRunning">False while it waits to be taken up again.</param>
public sealed record OpenAttempt(long AttemptId, DateTimeOffset StartedAt, bool IsRunning);
