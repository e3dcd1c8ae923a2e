namespace EcomWorkflows.Orchestration.Planning;

/// <summary>
/// What backfills may hold: all but a quarter (rounded down) of each pool's slots and of the asking node's places. The rest stays free for scheduled and other
/// runs, however long a backfill is.
/// </summary>
internal sealed class BackfillShare
{
    private const int ReservedPart = 4;

    private readonly IReadOnlyDictionary<string, int> pools;
    private readonly Dictionary<string, int> heldByPool = new(StringComparer.Ordinal);
    private readonly int places;
    private int heldHere;

    /// <param name="capacity">Places free on the asking node.</param>
    public BackfillShare(IReadOnlyDictionary<string, int> pools, IReadOnlyList<RunningInstance> running, int capacity)
    {
        this.pools = pools;
        places = capacity + running.Count(r => r.IsHere);
        heldHere = running.Count(r => r is { IsHere: true, IsBackfill: true });
        foreach (var instance in running.Where(r => r.IsBackfill))
            heldByPool[instance.Pool] = heldByPool.GetValueOrDefault(instance.Pool) + instance.PoolSlots;
    }

    public bool Allows(QueueCandidate candidate)
    {
        if (!candidate.IsBackfill)
            return true;
        var held = heldByPool.GetValueOrDefault(candidate.Pool);
        // One that is wider than the share runs alone: it would never run otherwise.
        return heldHere + 1 <= Share(places) && (held == 0 || held + candidate.PoolSlots <= Share(pools.GetValueOrDefault(candidate.Pool)));
    }

    public void Take(QueueCandidate candidate)
    {
        if (!candidate.IsBackfill)
            return;
        heldHere++;
        heldByPool[candidate.Pool] = heldByPool.GetValueOrDefault(candidate.Pool) + candidate.PoolSlots;
    }

    private static int Share(int all) => all - all / ReservedPart;
}
