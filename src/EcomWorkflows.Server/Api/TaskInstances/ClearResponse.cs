using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>Airflow's list of the instances a clear or mark is about; <c>runs</c>, <c>published</c> and <c>triggered_dags</c> are ours.</summary>
internal sealed record ClearResponse(
    [property: JsonPropertyName("task_instances")] IReadOnlyList<TaskInstanceResponse> TaskInstances,
    [property: JsonPropertyName("total_entries")] int TotalEntries,
    [property: JsonPropertyName("dry_run")] bool DryRun,
    [property: JsonPropertyName("runs")] IReadOnlyList<ClearedRunResponse> Runs,
    [property: JsonPropertyName("published")] IReadOnlyList<PublishedDataResponse> Published,
    [property: JsonPropertyName("triggered_dags")] IReadOnlyList<TriggeredDagResponse> TriggeredDags)
{
    /// <summary>Reads the instances as they are now.</summary>
    public static async Task<ClearResponse> ReadAsync(string dagId, RerunReport report, RunViews views, CancellationToken cancellationToken)
    {
        var instances = new List<TaskInstanceResponse>();
        foreach (var run in report.Runs)
        {
            var view = await views.GetAsync(dagId, run.RunKey, cancellationToken);
            var byId = view.Instances.ToDictionary(i => i.TaskInstanceId);
            instances.AddRange(run.Instances.Select(i => byId[i.TaskInstanceId]).Select(i => TaskInstanceResponse.From(view.Run, view.Task(i), i)));
        }
        return new ClearResponse(
            instances,
            instances.Count,
            report.IsDryRun,
            [.. report.Runs.Select(r => new ClearedRunResponse(r.RunKey, r.LogicalDate, r.Generation, r.DagVersion, r.Rederived, r.Added, r.Dropped))],
            [.. report.Published.Select(p => new PublishedDataResponse(p.Kind, p.Name, p.Rows, p.AttemptId))],
            [.. report.Triggered.Select(t => new TriggeredDagResponse(t.DagId, t.Asset, t.TaskId))]);
    }
}
