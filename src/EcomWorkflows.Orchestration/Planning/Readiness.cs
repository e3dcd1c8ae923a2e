using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>
/// Everything that decides about an undecided instance, in this order: branches and short circuits above it, its setups, its trigger rule. Each step waits until the
/// step before has spoken, so the order in which upstreams end cannot matter.
/// </summary>
public static class Readiness
{
    /// <param name="rule">The task's effective rule; a teardown's is <see cref="TriggerRule.AllDoneSetupSuccess"/>.</param>
    /// <param name="mapIndex">Index of an instance whose list comes from the upstreams' instances; -1 for any other.</param>
    public static TriggerDecision Decide(TriggerRule rule, UpstreamCounts counts, int mapIndex = -1)
    {
        if (rule == TriggerRule.AllDoneSetupSuccess)
            return TriggerRules.Decide(rule, counts, mapIndex);
        if (counts.OpenGates > 0)
            return TriggerDecision.Wait;
        var setups = counts.Setups;
        if (setups.Failed > 0)
            return TriggerDecision.FailUpstream;
        if (setups.Done < setups.Total)
            return TriggerDecision.Wait;
        if (setups.Skipped > 0)
            return TriggerDecision.Skip;
        if (counts.Bypassed == 0 || rule == TriggerRule.Always)
            return TriggerRules.Decide(rule, counts, mapIndex);
        if (counts.Bypassed == counts.Total)
            return TriggerDecision.Bypass;
        // As long as nothing but bypassed tasks is known above, all of them may turn out to be.
        return counts.Bypassed == counts.Done ? TriggerDecision.Wait : TriggerRules.Decide(rule, counts, mapIndex);
    }
}
