using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>GET …/wait-reasons</c> of a DAG, a run and a task instance: why it is not running, as data.</summary>
internal static class GetWaitReasons
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dags/{dag_id}/wait-reasons", OfDagAsync).WithName("get_dag_wait_reasons").WithTags("DAG")
            .WithSummary("Why a DAG starts no run of its own now").Produces<IReadOnlyList<WaitReasonResponse>>().ProducesProblem(404);
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/wait-reasons", OfRunAsync).WithName("get_dag_run_wait_reasons").WithTags("DagRun")
            .WithSummary("Why a run and its tasks are not running").Produces<RunWaitResponse>().ProducesProblem(404);
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/wait-reasons", OfTaskAsync).WithName("get_task_instance_wait_reasons").WithTags("Task Instance")
            .WithSummary("Why the instances of a task are not running").Produces<RunWaitResponse>().ProducesProblem(404);
    }

    private static async Task<IResult> OfDagAsync([FromRoute(Name = "dag_id")] string dagId, WaitReader waits, CancellationToken cancellationToken) =>
        TypedResults.Ok((await waits.OfDagAsync(dagId, cancellationToken)).Select(WaitReasonResponse.From).ToList());

    private static async Task<IResult> OfRunAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, RunReader runs, WaitReader waits, CancellationToken cancellationToken)
    {
        var wait = await waits.OfRunAsync((await runs.GetAsync(dagId, runKey, cancellationToken)).RunId, cancellationToken);
        return TypedResults.Ok(new RunWaitResponse([.. wait.Reasons.Select(WaitReasonResponse.From)], [.. wait.Instances.Select(InstanceWaitResponse.From)]));
    }

    private static async Task<IResult> OfTaskAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
        RunViews views, WaitReader waits, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        if (view.Instances.All(i => i.TaskId != taskId))
            throw new NotFoundException($"Run '{runKey}' of DAG '{dagId}' has no task '{taskId}'; its tasks are: {string.Join(", ", view.Instances.Select(i => i.TaskId).Distinct())}.");
        var wait = await waits.OfRunAsync(view.Run.RunId, cancellationToken);
        return TypedResults.Ok(new RunWaitResponse(
            [.. wait.Reasons.Select(WaitReasonResponse.From)], [.. wait.Instances.Where(i => i.TaskId == taskId).Select(InstanceWaitResponse.From)]));
    }
}
