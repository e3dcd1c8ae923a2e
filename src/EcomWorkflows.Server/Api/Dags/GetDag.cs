using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary><c>GET /api/v2/dags/{dag_id}</c></summary>
internal static class GetDag
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}", HandleAsync).WithName("get_dag").WithTags("DAG").WithSummary("One DAG").Produces<DagResponse>().ProducesProblem(404);

    private static async Task<IResult> HandleAsync([FromRoute(Name = "dag_id")] string dagId, DagStore store, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(dagId, store, time, cancellationToken));

    public static async Task<DagResponse> ReadAsync(string dagId, DagStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var info = await store.GetAsync(dagId, cancellationToken);
        var dag = (await store.GraphAsync(dagId, info.CurrentVersion, cancellationToken)).Dag;
        return DagResponse.From(info, dag, await store.ImportErrorsAsync(cancellationToken), time.GetUtcNow());
    }
}
