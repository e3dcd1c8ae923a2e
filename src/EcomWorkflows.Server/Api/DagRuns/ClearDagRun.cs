using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api.TaskInstances;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary><c>POST /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/clear</c>: runs all of a run again, or its failed tasks; by default only says which.</summary>
internal static class ClearDagRun
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/dags/{dag_id}/dagRuns/{dag_run_id}/clear", HandleAsync).WithName("clear_dag_run").WithTags("DagRun")
            .WithSummary("Run a run again (dry_run is true by default)").Produces<ClearResponse>().Produces<DagRunResponse>().ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, Body body, HttpContext context,
        RunViews views, RunReader runs, RerunStore reruns, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        var request = new RerunRequest(new ClearSelection(OnlyFailed: body.OnlyFailed)) { RunId = run.RunId, LatestVersion = body.RunOnLatestVersion, Generation = body.Generation };
        var report = await reruns.ClearAsync(request, body.DryRun, Actors.Of(context, Actors.Api), cancellationToken);
        return body.DryRun
            ? TypedResults.Ok(await ClearResponse.ReadAsync(dagId, report, views, cancellationToken))
            : TypedResults.Ok(DagRunResponse.From(await runs.GetAsync(run.RunId, cancellationToken)));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body
    {
        [JsonPropertyName("dry_run")]
        public bool DryRun { get; init; } = true;

        [JsonPropertyName("only_failed")]
        public bool OnlyFailed { get; init; }

        [JsonPropertyName("run_on_latest_version")]
        public bool RunOnLatestVersion { get; init; }

        [JsonPropertyName("generation")]
        public int? Generation { get; init; }
    }
}
