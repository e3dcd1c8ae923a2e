using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary>A run that an event started, as Airflow's DagRunAssetReference.</summary>
internal sealed record AssetRunResponse(
    [property: JsonPropertyName("run_id")] string RunId,
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("logical_date")] DateTimeOffset LogicalDate,
    [property: JsonPropertyName("start_date")] DateTimeOffset? StartDate,
    [property: JsonPropertyName("end_date")] DateTimeOffset? EndDate,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("data_interval_start")] DateTimeOffset DataIntervalStart,
    [property: JsonPropertyName("data_interval_end")] DateTimeOffset DataIntervalEnd)
{
    public static AssetRunResponse From(RunInfo run) =>
        new(run.RunKey, run.DagId, run.LogicalDate, run.StartedAt, run.EndedAt, run.State, run.DataIntervalStart, run.DataIntervalEnd);
}
