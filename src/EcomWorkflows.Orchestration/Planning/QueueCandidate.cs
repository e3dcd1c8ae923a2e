namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A queued task instance, as the queue sees it.</summary>
/// <param name="PassedOver">How often a later instance of its pool was started because this one was too wide for the open slots.</param>
/// <param name="Caps">Null members are no cap.</param>
public sealed record QueueCandidate(
    long TaskInstanceId, long RunId, string DagId, string TaskId, string Pool, int PoolSlots, int PassedOver, QueueCaps Caps, bool IsBackfill = false);
