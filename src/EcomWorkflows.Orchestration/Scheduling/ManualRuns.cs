using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Starts runs by hand: logical date now (or given), data interval the last complete one of the schedule (or given).</summary>
public sealed class ManualRuns(DagStore dags, RunStore runs, TimeProvider time)
{
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    /// <exception cref="OrchestrationException">
    /// The parameters do not fit, the message lists every problem; or <paramref name="runKey"/> cannot be a run's name; or <paramref name="given"/> ends before it starts.
    /// </exception>
    public async Task<RunCreation> TriggerAsync(
        string dagId, JsonObject? parameters, DateTimeOffset? logicalDate, string actor, CancellationToken cancellationToken, string? runKey = null, string? note = null,
        DataInterval? given = null)
    {
        var graph = await dags.CurrentGraphAsync(dagId, cancellationToken);
        if (runKey is not null)
            RunName.Check(runKey);
        if (given is { } asked && asked.End < asked.Start)
            throw new OrchestrationException($"The data interval ends at {asked.End:O}, before it starts at {asked.Start:O}. Exchange them.");
        var at = logicalDate ?? time.GetUtcNow();
        var interval = given ?? DagSchedule.Create(graph.Dag.Settings)?.LastComplete(at) ?? new DataInterval(at, at);
        return await runs.CreateAsync(
            new RunRequest(dagId, "manual", at, interval.Start, interval.End, parameters, actor, runKey, note), cancellationToken);
    }
}
