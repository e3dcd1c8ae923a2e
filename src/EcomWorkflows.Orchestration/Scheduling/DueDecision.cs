namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>What a look at a DAG's schedule found.</summary>
/// <param name="Slots">Slots that need a run now, oldest first.</param>
/// <param name="NextDue">When to look again once they have theirs; in the past where more are waiting, null when nothing is due any more.</param>
public sealed record DueDecision(IReadOnlyList<DataInterval> Slots, DateTimeOffset? NextDue);
