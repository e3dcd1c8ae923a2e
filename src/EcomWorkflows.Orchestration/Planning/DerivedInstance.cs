namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What follows for a task instance from the states of all others.</summary>
/// <param name="Runs">Whether it is undecided and its rules say that it runs now.</param>
/// <param name="IsBypassed">Whether it is skipped because a branch went past it.</param>
public sealed record DerivedInstance(UpstreamCounts Counts, TaskState State, bool IsDerived, bool Runs, bool IsBypassed);
