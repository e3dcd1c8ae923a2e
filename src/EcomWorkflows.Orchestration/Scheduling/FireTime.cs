namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>A moment at which a schedule fires.</summary>
/// <param name="Interval">What the run created then covers; empty for a point schedule.</param>
/// <param name="Note">What is special about it because clocks change; null where nothing is.</param>
public sealed record FireTime(DateTimeOffset At, DataInterval Interval, string? Note);
