using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Tasks that could never start, because of the pools there are.</summary>
public static class PoolWarnings
{
    public const string NoSuchPool = "non-existent pool";
    public const string TooWide = "task wider than its pool";

    /// <param name="pools">Slots per pool.</param>
    public static IEnumerable<DagWarning> Of(Dag dag, IReadOnlyDictionary<string, int> pools)
    {
        foreach (var task in dag.Tasks)
        {
            var (pool, wanted) = (task.Settings.Pool, task.Settings.PoolSlots);
            if (!pools.TryGetValue(pool, out var slots))
            {
                yield return new DagWarning(
                    dag.DagId, NoSuchPool,
                    $"task '{task.TaskId}'.pool: there is no pool '{pool}', so the task waits for ever. Make it (./ecom pools set {pool} SLOTS), or use one of: {string.Join(", ", pools.Keys.Order(StringComparer.Ordinal))}.");
            }
            else if (wanted > slots)
            {
                yield return new DagWarning(
                    dag.DagId, TooWide,
                    $"task '{task.TaskId}'.poolSlots: it takes {wanted} slots and pool '{pool}' has {slots}, so the task waits for ever. Make the pool larger, or the task narrower.");
            }
        }
    }
}
