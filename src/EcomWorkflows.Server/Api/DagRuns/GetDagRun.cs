using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary><c>GET /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}</c></summary>
internal static class GetDagRun
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}", HandleAsync).WithName("get_dag_run").WithTags("DagRun").WithSummary("One run")
            .Produces<DagRunResponse>().ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, RunReader runs, CancellationToken cancellationToken) =>
        TypedResults.Ok(DagRunResponse.From(await runs.GetAsync(dagId, runKey, cancellationToken)));
}
