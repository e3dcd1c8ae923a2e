using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary>A backfill as Airflow's BackfillPostBody asks for it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BackfillBody(
    [property: JsonPropertyName("dag_id")] string? DagId,
    [property: JsonPropertyName("from_date")] DateTimeOffset? FromDate,
    [property: JsonPropertyName("to_date")] DateTimeOffset? ToDate,
    [property: JsonPropertyName("run_backwards")] bool? RunBackwards,
    [property: JsonPropertyName("dag_run_conf")] JsonObject? DagRunConf,
    [property: JsonPropertyName("reprocess_behavior")] string? ReprocessBehavior,
    [property: JsonPropertyName("max_active_runs")] int? MaxActiveRuns,
    [property: JsonPropertyName("run_on_latest_version")] bool? RunOnLatestVersion)
{
    /// <exception cref="BadRequestException">Something is missing, unknown or not offered.</exception>
    public BackfillRequest ToRequest()
    {
        if (this is not { DagId: { Length: > 0 } dagId, FromDate: { } from, ToDate: { } to })
            throw new BadRequestException("dag_id, from_date and to_date are needed, for example {\"dag_id\": \"churn-daily\", \"from_date\": \"2026-11-01T00:00:00Z\", \"to_date\": \"2026-11-07T00:00:00Z\"}.");
        var behavior = Orchestration.Planning.ReprocessBehavior.None;
        if (ReprocessBehavior is { } text && !StateNames.TryParse(text, out behavior))
            throw new BadRequestException($"reprocess_behavior is '{text}'; allowed: {string.Join(", ", StateNames.All<ReprocessBehavior>())}.");
        if (RunOnLatestVersion == true)
            throw new BadRequestException("run_on_latest_version is not offered: a new run takes the latest version anyhow, and one that is run again keeps its own. Clear runs to bring them to the latest.");
        return new BackfillRequest(
            dagId, from, to, DagRunConf is { Count: > 0 } ? DagRunConf : null, behavior, RunBackwards ?? false, MaxActiveRuns ?? BackfillRequest.DefaultMaxActiveRuns);
    }
}
