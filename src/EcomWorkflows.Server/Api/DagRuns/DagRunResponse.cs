using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary>A run as Airflow's DAGRunResponse.</summary>
internal sealed record DagRunResponse(
    [property: JsonPropertyName("dag_run_id")] string DagRunId,
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("logical_date")] DateTimeOffset LogicalDate,
    [property: JsonPropertyName("queued_at")] DateTimeOffset QueuedAt,
    [property: JsonPropertyName("start_date")] DateTimeOffset? StartDate,
    [property: JsonPropertyName("end_date")] DateTimeOffset? EndDate,
    [property: JsonPropertyName("duration")] double? Duration,
    [property: JsonPropertyName("data_interval_start")] DateTimeOffset DataIntervalStart,
    [property: JsonPropertyName("data_interval_end")] DateTimeOffset DataIntervalEnd,
    [property: JsonPropertyName("run_after")] DateTimeOffset RunAfter,
    [property: JsonPropertyName("last_scheduling_decision")] DateTimeOffset LastSchedulingDecision,
    [property: JsonPropertyName("run_type")] string RunType,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("triggering_user_name")] string TriggeringUserName,
    [property: JsonPropertyName("conf")] JsonNode? Conf,
    [property: JsonPropertyName("note")] string? Note,
    [property: JsonPropertyName("message")] string? Message,
    [property: JsonPropertyName("clear_number")] int ClearNumber,
    [property: JsonPropertyName("generation")] int Generation,
    [property: JsonPropertyName("dag_versions")] IReadOnlyList<DagVersionResponse> DagVersions)
{
    public static DagRunResponse From(RunInfo run) => new(
        run.RunKey,
        run.DagId,
        run.LogicalDate,
        run.QueuedAt,
        run.StartedAt,
        run.EndedAt,
        run is { StartedAt: { } start, EndedAt: { } end } ? (end - start).TotalSeconds : null,
        run.DataIntervalStart,
        run.DataIntervalEnd,
        run.RunType == "scheduled" ? run.DataIntervalEnd : run.LogicalDate,
        run.UpdatedAt,
        run.RunType,
        run.State,
        run.CreatedBy,
        JsonNode.Parse(run.Params),
        run.Note,
        run.Message,
        run.ClearNumber,
        run.Generation,
        [new DagVersionResponse(run.DagId, run.DagVersion)]);
}
