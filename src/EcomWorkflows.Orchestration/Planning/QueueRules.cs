namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Chooses which queued instances may start, in order, within pools and caps; semantics, section 8.</summary>
public static class QueueRules
{
    /// <param name="ordered">Candidates, first to start first.</param>
    /// <param name="openSlots">Free slots per pool; a pool that is not listed does not exist.</param>
    /// <param name="runningByDag">Running instances per DAG.</param>
    /// <param name="capacity">Places free on the asking node.</param>
    public static IReadOnlyList<QueueCandidate> Choose(
        IReadOnlyList<QueueCandidate> ordered,
        IReadOnlyDictionary<string, int> openSlots,
        IReadOnlyDictionary<string, int> runningByDag,
        int capacity)
    {
        var open = new Dictionary<string, int>(openSlots, StringComparer.Ordinal);
        var running = new Dictionary<string, int>(runningByDag, StringComparer.Ordinal);
        var chosen = new List<QueueCandidate>();
        foreach (var candidate in ordered)
        {
            if (chosen.Count == capacity)
                break;
            if (!open.TryGetValue(candidate.Pool, out var free) || candidate.PoolSlots > free)
                continue;
            var active = running.GetValueOrDefault(candidate.DagId);
            if (candidate.DagMaxActiveTasks is { } cap && active >= cap)
                continue;
            open[candidate.Pool] = free - candidate.PoolSlots;
            running[candidate.DagId] = active + 1;
            chosen.Add(candidate);
        }
        return chosen;
    }
}
