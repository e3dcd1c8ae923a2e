namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>A half-open data interval <c>[Start, End)</c>, UTC. A scheduled run has logical date <paramref name="Start"/> and is created at <paramref name="End"/>.</summary>
public readonly record struct DataInterval(DateTimeOffset Start, DateTimeOffset End);
