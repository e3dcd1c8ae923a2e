using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>PATCH /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}[/{map_index}]</c>: marks, or writes a note; <c>…/dry_run</c> only says what a mark would do.</summary>
internal static class PatchTaskInstance
{
    private const string Path = "/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Describe(routes.MapPatch(Path, (
            [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
            [FromQuery(Name = "map_index")] int? mapIndex, Body body, HttpContext context, RunViews views, RerunStore reruns, CancellationToken stop) =>
            HandleAsync(dagId, runKey, taskId, mapIndex, body, dryRun: false, context, views, reruns, stop)), "patch_task_instance", "Mark a task instance, or write a note to it");
        Describe(routes.MapPatch(Path + "/{map_index:int}", (
            [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
            [FromRoute(Name = "map_index")] int mapIndex, Body body, HttpContext context, RunViews views, RerunStore reruns, CancellationToken stop) =>
            HandleAsync(dagId, runKey, taskId, mapIndex, body, dryRun: false, context, views, reruns, stop)), "patch_mapped_task_instance", "Mark one instance of a mapped task, or write a note to it");
        Describe(routes.MapPatch(Path + "/dry_run", (
            [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
            [FromQuery(Name = "map_index")] int? mapIndex, Body body, HttpContext context, RunViews views, RerunStore reruns, CancellationToken stop) =>
            HandleAsync(dagId, runKey, taskId, mapIndex, body, dryRun: true, context, views, reruns, stop)), "patch_task_instance_dry_run", "What marking would change");
    }

    private static void Describe(RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithTags("Task Instance").WithSummary(summary).Produces<ClearResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(
        string dagId, string runKey, string taskId, int? mapIndex, Body body, bool dryRun, HttpContext context, RunViews views, RerunStore reruns,
        CancellationToken cancellationToken)
    {
        if (body is { NewState: null, Note: null } || dryRun && body.NewState is null)
            throw new BadRequestException("new_state is missing: one of success, failed, skipped (or note alone).");
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        var instances = view.Instances.Where(i => i.TaskId == taskId && (mapIndex is null || i.MapIndex == mapIndex)).ToList();
        if (instances.Count == 0)
            throw new Orchestration.NotFoundException($"Run '{runKey}' of DAG '{dagId}' has no task '{taskId}'{(mapIndex is { } index ? $" with map index {index}" : "")}.");
        var actor = Actors.Of(context, Actors.Api);
        if (body.NewState is null)
        {
            foreach (var instance in instances)
                await reruns.NoteAsync(view.Run.RunId, new InstanceKey(taskId, instance.MapIndex), body.Note!, actor, cancellationToken);
            var noted = new ChangedInstance(instances[0].TaskInstanceId, taskId, instances[0].MapIndex, instances[0].State);
            var untouched = new ClearPreview(view.Run.RunId, [taskId], [], false)
            {
                RunKey = runKey, LogicalDate = view.Run.LogicalDate, Generation = view.Run.Generation, DagVersion = view.Run.DagVersion, Instances = [noted],
            };
            return TypedResults.Ok(await ClearResponse.ReadAsync(dagId, new RerunReport(false, [untouched], [], []), views, cancellationToken));
        }
        if (!StateNames.TryParse<TaskState>(body.NewState, out var state))
            throw new BadRequestException($"new_state is '{body.NewState}'; allowed: success, failed, skipped.");
        var selection = mapIndex is { } one
            ? new ClearSelection(null, OnlyFailed: false, body.IncludeDownstream, body.IncludeUpstream) { Instances = [new InstanceKey(taskId, one)] }
            : new ClearSelection([taskId], OnlyFailed: false, body.IncludeDownstream, body.IncludeUpstream);
        var request = new RerunRequest(selection)
        {
            RunId = view.Run.RunId, Past = body.IncludePast, Future = body.IncludeFuture, Generation = body.Generation, Note = body.Note,
        };
        var report = await reruns.MarkAsync(request, state, dryRun, actor, cancellationToken);
        return TypedResults.Ok(await ClearResponse.ReadAsync(dagId, report, views, cancellationToken));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body
    {
        [JsonPropertyName("new_state")]
        public string? NewState { get; init; }

        [JsonPropertyName("note")]
        public string? Note { get; init; }

        [JsonPropertyName("include_upstream")]
        public bool IncludeUpstream { get; init; }

        [JsonPropertyName("include_downstream")]
        public bool IncludeDownstream { get; init; }

        [JsonPropertyName("include_past")]
        public bool IncludePast { get; init; }

        [JsonPropertyName("include_future")]
        public bool IncludeFuture { get; init; }

        [JsonPropertyName("generation")]
        public int? Generation { get; init; }
    }
}
