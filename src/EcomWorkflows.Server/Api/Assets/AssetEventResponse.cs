using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary>An event as Airflow's AssetEventResponse, with the rows that were written and the attempt that wrote them.</summary>
internal sealed record AssetEventResponse(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("asset_id")] long AssetId,
    [property: JsonPropertyName("uri")] string Uri,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("extra")] JsonNode Extra,
    [property: JsonPropertyName("source_dag_id")] string? SourceDagId,
    [property: JsonPropertyName("source_run_id")] string? SourceRunId,
    [property: JsonPropertyName("source_task_id")] string? SourceTaskId,
    [property: JsonPropertyName("source_map_index")] int SourceMapIndex,
    [property: JsonPropertyName("source_attempt_id")] long? SourceAttemptId,
    [property: JsonPropertyName("row_count")] long? RowCount,
    [property: JsonPropertyName("created_by")] string CreatedBy,
    [property: JsonPropertyName("created_dagruns")] IReadOnlyList<AssetRunResponse> CreatedDagRuns,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp)
{
    public static AssetEventResponse From(AssetEventInfo one) => new(
        one.AssetEventId, one.AssetId, one.Asset, one.Asset, JsonNode.Parse(one.Extra)!, one.DagId, one.RunKey, one.TaskId, one.MapIndex ?? -1, one.AttemptId, one.RowCount,
        one.CreatedBy, [.. one.CreatedRuns.Select(AssetRunResponse.From)], one.OccurredAt);
}
