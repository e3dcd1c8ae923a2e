namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a backfill does about a date, given the run there is; semantics, section 7.</summary>
public static class BackfillRules
{
    /// <param name="existing">State of the newest run of that logical date; null where there is none.</param>
    public static (BackfillAction Action, string Reason) Decide(RunState? existing, ReprocessBehavior reprocess) => existing switch
    {
        null => (BackfillAction.Create, "no run yet"),
        RunState.Queued or RunState.Running => (BackfillAction.Skip, "in flight"),
        RunState.Failed when reprocess is ReprocessBehavior.Failed or ReprocessBehavior.Completed => (BackfillAction.Reprocess, "failed"),
        RunState.Success when reprocess is ReprocessBehavior.Completed => (BackfillAction.Reprocess, "success"),
        _ => (BackfillAction.Skip, "exists"),
    };
}
