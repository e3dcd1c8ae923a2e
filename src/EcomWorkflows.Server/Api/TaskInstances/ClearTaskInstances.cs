using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>POST /api/v2/dags/{dag_id}/clearTaskInstances</c>: runs tasks again; by default only says which.</summary>
internal static class ClearTaskInstances
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/dags/{dag_id}/clearTaskInstances", HandleAsync).WithName("post_clear_task_instances").WithTags("Task Instance")
            .WithSummary("Run tasks of a run again (dry_run and only_failed are true by default)").Produces<TaskInstanceCollection>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, Body body, HttpContext context, RunViews views, RerunStore reruns, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(body.DagRunId))
            throw new BadRequestException("dag_run_id is missing: name the run whose tasks are to run again.");
        var view = await views.GetAsync(dagId, body.DagRunId, cancellationToken);
        var selection = new ClearSelection(body.TaskIds is { Count: > 0 } tasks ? tasks : null, body.OnlyFailed, body.IncludeDownstream, body.IncludeUpstream);
        var preview = await reruns.ClearAsync(view.Run.RunId, selection, body.DryRun, Actors.Of(context, Actors.Api), cancellationToken);
        var after = body.DryRun ? view : await views.GetAsync(dagId, body.DagRunId, cancellationToken);
        return TypedResults.Ok(new TaskInstanceCollection(
            [.. preview.Cleared.Select(id => after.Instance(id)).Select(i => TaskInstanceResponse.From(after.Run, after.Task(i), i))], preview.Cleared.Count));
    }

    internal sealed record Body
    {
        [JsonPropertyName("dry_run")]
        public bool DryRun { get; init; } = true;

        [JsonPropertyName("only_failed")]
        public bool OnlyFailed { get; init; } = true;

        [JsonPropertyName("dag_run_id")]
        public string? DagRunId { get; init; }

        [JsonPropertyName("task_ids")]
        public IReadOnlyList<string>? TaskIds { get; init; }

        [JsonPropertyName("include_upstream")]
        public bool IncludeUpstream { get; init; }

        [JsonPropertyName("include_downstream")]
        public bool IncludeDownstream { get; init; }
    }
}
