using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a look at a due DAG came to.</summary>
/// <param name="Last">The newest slot that has its run now; null: as before.</param>
/// <param name="NextDue">When to look again; null: never, until the schedule changes.</param>
/// <param name="Problem">Why a due run could not be made; null where all could.</param>
internal sealed record DueDagOutcome(string DagId, DataInterval? Last, DateTimeOffset? NextDue, string? Problem = null);
