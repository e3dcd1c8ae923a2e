using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>One date of a backfill and what is to be done about it.</summary>
/// <param name="RunId">The run there is; null where there is none.</param>
public sealed record BackfillDate(DataInterval Slot, BackfillAction Action, string Reason, long? RunId);
