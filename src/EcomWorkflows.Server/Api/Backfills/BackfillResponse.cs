using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary>A backfill as Airflow's BackfillResponse, and how far it is.</summary>
internal sealed record BackfillResponse(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("dag_display_name")] string DagDisplayName,
    [property: JsonPropertyName("from_date")] DateTimeOffset FromDate,
    [property: JsonPropertyName("to_date")] DateTimeOffset ToDate,
    [property: JsonPropertyName("dag_run_conf")] JsonNode DagRunConf,
    [property: JsonPropertyName("is_paused")] bool IsPaused,
    [property: JsonPropertyName("reprocess_behavior")] string ReprocessBehavior,
    [property: JsonPropertyName("run_backwards")] bool RunBackwards,
    [property: JsonPropertyName("max_active_runs")] int MaxActiveRuns,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("completed_at")] DateTimeOffset? CompletedAt,
    [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt,
    [property: JsonPropertyName("created_by")] string CreatedBy,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("dates")] int Dates,
    [property: JsonPropertyName("waiting")] int Waiting,
    [property: JsonPropertyName("active")] int Active,
    [property: JsonPropertyName("succeeded")] int Succeeded,
    [property: JsonPropertyName("failed")] int Failed,
    [property: JsonPropertyName("skipped")] int Skipped,
    [property: JsonPropertyName("released")] int Released,
    [property: JsonPropertyName("eta_seconds")] double? EtaSeconds)
{
    public static BackfillResponse From(BackfillInfo backfill) => new(
        backfill.BackfillId, backfill.DagId, backfill.DagId, backfill.FromDate, backfill.ToDate, JsonNode.Parse(backfill.Params ?? "{}")!, backfill.IsPaused,
        backfill.ReprocessBehavior, backfill.RunBackwards, backfill.MaxActiveRuns, backfill.CreatedAt, backfill.CompletedAt, backfill.UpdatedAt, backfill.CreatedBy,
        backfill.State, backfill.Dates, backfill.Waiting, backfill.Active, backfill.Succeeded, backfill.Failed, backfill.Skipped, backfill.Released,
        backfill.Remaining?.TotalSeconds);
}
