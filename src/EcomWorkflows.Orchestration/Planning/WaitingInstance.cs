namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What is known of an instance whose waiting is to be explained.</summary>
/// <param name="PastRunKey">The run before, where the instance waits for its own task there.</param>
/// <param name="Assignees">Of an open question; null where there is none.</param>
public sealed record WaitingInstance(
    InstanceKey Key, TaskState State, string Pool, int PoolSlots, DateTimeOffset? NotBefore, string? EventKey, string? PastRunKey, string? Question, IReadOnlyList<string>? Assignees);
