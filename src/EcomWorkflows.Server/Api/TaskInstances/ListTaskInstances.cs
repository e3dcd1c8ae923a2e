using EcomWorkflows.Orchestration.Planning;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>GET /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances</c></summary>
internal static class ListTaskInstances
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances", HandleAsync).WithName("get_task_instances").WithTags("Task Instance")
            .WithSummary("Task instances of a run, upstreams first").Produces<TaskInstanceCollection>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromQuery] string[]? state, int? limit, int? offset,
        RunViews views, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var known = StateNames.All<TaskState>();
        if (state?.FirstOrDefault(s => !known.Contains(s)) is { } unknown)
            throw new BadRequestException($"'{unknown}' is no task state; allowed: {string.Join(", ", known)}.");
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        var found = view.Instances.Where(i => state is null or [] || state.Contains(i.State)).ToList();
        return TypedResults.Ok(new TaskInstanceCollection(
            [.. found.Skip(page.Offset).Take(page.Limit).Select(i => TaskInstanceResponse.From(view.Run, view.Task(i), i))], found.Count));
    }
}
