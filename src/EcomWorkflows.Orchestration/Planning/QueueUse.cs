namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What is taken of pools and caps; counted from live leases, and counted on while more are chosen.</summary>
public sealed class QueueUse
{
    private readonly Dictionary<string, int> open;
    private readonly Dictionary<string, int> byDag = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> byRun = [];
    private readonly Dictionary<(string DagId, string TaskId), int> byTask = [];
    private readonly Dictionary<(long RunId, string TaskId), int> byTaskInRun = [];
    private readonly IReadOnlyDictionary<string, int> pools;

    /// <param name="pools">Slots per pool; a pool that is not listed does not exist.</param>
    public QueueUse(IReadOnlyDictionary<string, int> pools, IEnumerable<RunningInstance> running)
    {
        this.pools = pools;
        open = new Dictionary<string, int>(pools, StringComparer.Ordinal);
        foreach (var instance in running)
            Take(instance);
    }

    /// <summary>Names of pools that have an open slot.</summary>
    public IEnumerable<string> OpenPools => open.Where(p => p.Value > 0).Select(p => p.Key);

    /// <summary>Slots of the pool that nobody holds; negative where the pool was made smaller than what runs, null where there is no such pool.</summary>
    public int? Open(string pool) => open.TryGetValue(pool, out var slots) ? slots : null;

    /// <summary>Slots of the pool in all; null where there is no such pool.</summary>
    public int? Slots(string pool) => pools.TryGetValue(pool, out var slots) ? slots : null;

    public int OfDag(string dagId) => byDag.GetValueOrDefault(dagId);

    public int OfRun(long runId) => byRun.GetValueOrDefault(runId);

    public int OfTask(string dagId, string taskId) => byTask.GetValueOrDefault((dagId, taskId));

    public int OfTaskInRun(long runId, string taskId) => byTaskInRun.GetValueOrDefault((runId, taskId));

    /// <summary>Whether every cap leaves a place.</summary>
    public bool PassesCaps(QueueCandidate candidate) =>
        !(OfDag(candidate.DagId) >= candidate.Caps.OfDag)
        && !(OfRun(candidate.RunId) >= candidate.Caps.OfRun)
        && !(OfTask(candidate.DagId, candidate.TaskId) >= candidate.Caps.OfTask)
        && !(OfTaskInRun(candidate.RunId, candidate.TaskId) >= candidate.Caps.OfTaskInRun);

    public void Take(RunningInstance instance)
    {
        // A pool that was deleted while its tasks ran has nothing left to count.
        if (open.TryGetValue(instance.Pool, out var free))
            open[instance.Pool] = free - instance.PoolSlots;
        byDag[instance.DagId] = OfDag(instance.DagId) + 1;
        byRun[instance.RunId] = OfRun(instance.RunId) + 1;
        byTask[(instance.DagId, instance.TaskId)] = OfTask(instance.DagId, instance.TaskId) + 1;
        byTaskInRun[(instance.RunId, instance.TaskId)] = OfTaskInRun(instance.RunId, instance.TaskId) + 1;
    }
}
