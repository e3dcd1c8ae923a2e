using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary><c>DELETE /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}</c>: a run that has ended, with its task instances and logs; what it published stays.</summary>
internal static class DeleteDagRun
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/dags/{dag_id}/dagRuns/{dag_run_id}", HandleAsync).WithName("delete_dag_run").WithTags("DagRun").WithSummary("Delete a run that has ended; what it published stays")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, HttpContext context, RunReader runs, RunDeletion deletion, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        await deletion.DeleteAsync([run.RunId], Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.NoContent();
    }
}
