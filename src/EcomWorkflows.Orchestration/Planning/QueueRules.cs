namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Chooses which queued instances may start, in order, within pools and caps; semantics, section 8.</summary>
public static class QueueRules
{
    /// <summary>An instance passed over more often than this comes first and keeps the open slots of its pool until it fits; the queue's index knows the number too.</summary>
    public const int PatienceOfWideTasks = 50;

    /// <param name="ordered">Candidates, first to start first: those passed over too often, then by weight, logical date, map index, id.</param>
    /// <param name="pools">Slots per pool; a pool that is not listed does not exist.</param>
    /// <param name="running">What holds slots and places now.</param>
    /// <param name="capacity">Places free on the asking node.</param>
    public static QueueChoice Choose(IEnumerable<QueueCandidate> ordered, IReadOnlyDictionary<string, int> pools, IEnumerable<RunningInstance> running, int capacity)
    {
        var holding = running.ToList();
        var use = new QueueUse(pools, holding);
        var backfills = new BackfillShare(pools, holding, capacity);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var tooWide = new List<QueueCandidate>();
        var passedOver = new List<QueueCandidate>();
        var chosen = new List<QueueCandidate>();
        foreach (var candidate in ordered)
        {
            if (chosen.Count == capacity)
                break;
            if (kept.Contains(candidate.Pool) || !(candidate.PoolSlots <= use.Slots(candidate.Pool)) || !use.PassesCaps(candidate) || !backfills.Allows(candidate))
                continue;
            if (candidate.PoolSlots <= use.Open(candidate.Pool))
            {
                use.Take(new RunningInstance(candidate.RunId, candidate.DagId, candidate.TaskId, candidate.Pool, candidate.PoolSlots));
                backfills.Take(candidate);
                chosen.Add(candidate);
                passedOver.AddRange(tooWide.Where(waiting => waiting.Pool == candidate.Pool));
                tooWide.RemoveAll(waiting => waiting.Pool == candidate.Pool);
            }
            else if (candidate.PassedOver > PatienceOfWideTasks)
            {
                kept.Add(candidate.Pool);
            }
            else
            {
                tooWide.Add(candidate);
            }
        }
        return new QueueChoice(chosen, passedOver);
    }
}
