using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>GET /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}</c></summary>
internal static class GetTaskInstance
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}", HandleAsync).WithName("get_task_instance").WithTags("Task Instance")
            .WithSummary("One task instance").Produces<TaskInstanceResponse>().ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
        RunViews views, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        var instance = view.Instance(taskId);
        return TypedResults.Ok(TaskInstanceResponse.From(view.Run, view.Task(instance), instance));
    }
}
