using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary><c>GET /api/v2/dagWarnings</c>: tasks that can never start with the pools there are.</summary>
internal static class ListDagWarnings
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dagWarnings", HandleAsync).WithName("list_dag_warnings").WithTags("DagWarning").WithSummary("Tasks that ask for a pool that is not there, or for more than it has")
            .Produces<DagWarningCollection>().ProducesProblem(400);

    private static async Task<IResult> HandleAsync(
        int? limit, int? offset, PoolStore pools, CancellationToken cancellationToken, [FromQuery(Name = "dag_id")] string? dagId = null)
    {
        var page = Page.Read(limit, offset);
        var warnings = await pools.WarningsAsync(dagId, cancellationToken);
        return TypedResults.Ok(new DagWarningCollection(
            [.. warnings.Skip(page.Offset).Take(page.Limit).Select(w => new DagWarningResponse(w.DagId, w.Kind, w.Message))], warnings.Count));
    }
}
