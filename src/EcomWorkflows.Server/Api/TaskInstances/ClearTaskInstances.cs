using System.Text.Json;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>POST /api/v2/dags/{dag_id}/clearTaskInstances</c>: runs tasks again; by default only says which, and what that replaces and triggers.</summary>
internal static class ClearTaskInstances
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/dags/{dag_id}/clearTaskInstances", HandleAsync).WithName("post_clear_task_instances").WithTags("Task Instance")
            .WithSummary("Run tasks again (dry_run and only_failed are true by default)").Produces<ClearResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, Body body, HttpContext context, RunViews views, RunReader runs, RerunStore reruns, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(body.DagRunId) && body is { StartDate: null, EndDate: null })
            throw new BadRequestException("dag_run_id is missing: name the run whose tasks are to run again, or give start_date or end_date.");
        if (!body.ResetDagRuns)
            throw new BadRequestException("reset_dag_runs is false; a run with cleared tasks is always opened again, so only true is allowed.");
        if (body.OnlyRunning)
            throw new BadRequestException("only_running is true; name the running tasks in task_ids instead, with only_failed false.");
        var (tasks, instances) = InstanceNames.Read(body.TaskIds);
        var request = new RerunRequest(new ClearSelection(tasks, body.OnlyFailed, body.IncludeDownstream, body.IncludeUpstream) { Instances = instances })
        {
            RunId = string.IsNullOrEmpty(body.DagRunId) ? null : (await runs.GetAsync(dagId, body.DagRunId, cancellationToken)).RunId,
            Past = body.IncludePast,
            Future = body.IncludeFuture,
            DagId = dagId,
            From = body.StartDate,
            To = body.EndDate,
            LatestVersion = body.RunOnLatestVersion,
            Generation = body.Generation,
            Note = body.Note,
        };
        var report = await reruns.ClearAsync(request, body.DryRun, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Ok(await ClearResponse.ReadAsync(dagId, report, views, cancellationToken));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body
    {
        [JsonPropertyName("dry_run")]
        public bool DryRun { get; init; } = true;

        [JsonPropertyName("only_failed")]
        public bool OnlyFailed { get; init; } = true;

        [JsonPropertyName("only_running")]
        public bool OnlyRunning { get; init; }

        [JsonPropertyName("reset_dag_runs")]
        public bool ResetDagRuns { get; init; } = true;

        [JsonPropertyName("dag_run_id")]
        public string? DagRunId { get; init; }

        [JsonPropertyName("start_date")]
        public DateTimeOffset? StartDate { get; init; }

        [JsonPropertyName("end_date")]
        public DateTimeOffset? EndDate { get; init; }

        [JsonPropertyName("task_ids")]
        public IReadOnlyList<JsonElement>? TaskIds { get; init; }

        [JsonPropertyName("include_upstream")]
        public bool IncludeUpstream { get; init; }

        [JsonPropertyName("include_downstream")]
        public bool IncludeDownstream { get; init; }

        [JsonPropertyName("include_past")]
        public bool IncludePast { get; init; }

        [JsonPropertyName("include_future")]
        public bool IncludeFuture { get; init; }

        [JsonPropertyName("run_on_latest_version")]
        public bool RunOnLatestVersion { get; init; }

        /// <summary>Ours: the generation the decision was made looking at.</summary>
        [JsonPropertyName("generation")]
        public int? Generation { get; init; }

        [JsonPropertyName("note")]
        public string? Note { get; init; }
    }
}
