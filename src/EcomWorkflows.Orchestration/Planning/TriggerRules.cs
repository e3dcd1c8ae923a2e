using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The trigger rules as a pure function of the upstreams' outcomes; the table stands in the orchestrator semantics, section 2.</summary>
public static class TriggerRules
{
    /// <summary>Decides; the result depends only on how many upstreams ended how, never on the order in which they did.</summary>
    /// <param name="mapIndex">Index of an instance whose list comes from the upstreams' instances; -1 for any other.</param>
    public static TriggerDecision Decide(TriggerRule rule, UpstreamCounts upstream, int mapIndex = -1)
    {
        if (upstream.Total == 0 || rule == TriggerRule.Always)
            return TriggerDecision.Run;
        var (s, k, f, u, r) = (upstream.Success, upstream.Skipped, upstream.Failed, upstream.UpstreamFailed, upstream.Removed);
        var allDone = upstream.Done == upstream.Total;
        var total = upstream.Total - r;
        return rule switch
        {
            TriggerRule.AllSuccess when u + f > 0 => TriggerDecision.FailUpstream,
            TriggerRule.AllSuccess when allDone && k > 0 => TriggerDecision.Skip,
            TriggerRule.AllSuccess when allDone && r > 0 && mapIndex >= s => TriggerDecision.Remove,
            TriggerRule.AllSuccess when s == total => TriggerDecision.Run,

            TriggerRule.AllFailed when s + k > 0 => TriggerDecision.Skip,
            TriggerRule.AllFailed when f + u == total => TriggerDecision.Run,

            TriggerRule.AllDone when allDone => TriggerDecision.Run,

            TriggerRule.OneSuccess when s >= 1 => TriggerDecision.Run,
            TriggerRule.OneSuccess when allDone && k == upstream.Done => TriggerDecision.Skip,
            TriggerRule.OneSuccess when allDone => TriggerDecision.FailUpstream,

            TriggerRule.OneFailed when f + u >= 1 => TriggerDecision.Run,
            TriggerRule.OneFailed when allDone => TriggerDecision.Skip,

            TriggerRule.OneDone when s + f >= 1 => TriggerDecision.Run,
            TriggerRule.OneDone when allDone => TriggerDecision.Skip,

            TriggerRule.NoneFailed when u + f > 0 => TriggerDecision.FailUpstream,
            TriggerRule.NoneFailed when s + k == total => TriggerDecision.Run,

            TriggerRule.NoneFailedMinOneSuccess when u + f > 0 => TriggerDecision.FailUpstream,
            TriggerRule.NoneFailedMinOneSuccess when s + k == total && s >= 1 => TriggerDecision.Run,
            TriggerRule.NoneFailedMinOneSuccess when k == total => TriggerDecision.Skip,

            TriggerRule.NoneSkipped when k > 0 => TriggerDecision.Skip,
            TriggerRule.NoneSkipped when allDone => TriggerDecision.Run,

            TriggerRule.AllSkipped when s + f + u > 0 => TriggerDecision.Skip,
            TriggerRule.AllSkipped when k == upstream.Total => TriggerDecision.Run,
            TriggerRule.AllSkipped when allDone => TriggerDecision.Skip,

            TriggerRule.AllDoneMinOneSuccess when allDone && k > 0 => TriggerDecision.Skip,
            TriggerRule.AllDoneMinOneSuccess when allDone && s == 0 => TriggerDecision.FailUpstream,
            TriggerRule.AllDoneMinOneSuccess when allDone => TriggerDecision.Run,

            TriggerRule.AllDoneSetupSuccess when allDone => AfterSetups(upstream.Setups),

            _ => TriggerDecision.Wait,
        };
    }

    private static TriggerDecision AfterSetups(SetupCounts setups) =>
        setups.Total == setups.Removed || setups.Success > 0 ? TriggerDecision.Run
        : setups.Skipped == setups.Total - setups.Removed ? TriggerDecision.Skip
        : TriggerDecision.FailUpstream;
}
