using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>GET /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/tries</c></summary>
internal static class ListTries
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/tries", HandleAsync).WithName("get_task_instance_tries").WithTags("Task Instance")
            .WithSummary("Every try of a task instance, oldest first").Produces<TaskInstanceCollection>().ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
        RunViews views, RunReader runs, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        var instance = view.Instance(taskId);
        var attempts = await runs.AttemptsAsync(view.Run.RunId, taskId, cancellationToken);
        return TypedResults.Ok(new TaskInstanceCollection([.. attempts.Select(a => TaskInstanceResponse.From(view.Run, view.Task(instance), instance, a))], attempts.Count));
    }
}
