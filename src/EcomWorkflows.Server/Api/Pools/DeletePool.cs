using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Pools;

/// <summary><c>DELETE /api/v2/pools/{pool_name}</c></summary>
internal static class DeletePool
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/pools/{pool_name}", HandleAsync).WithName("delete_pool").WithTags("Pool").WithSummary("Delete a pool; tasks that ask for it wait")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync([FromRoute(Name = "pool_name")] string name, HttpContext context, PoolStore pools, CancellationToken cancellationToken)
    {
        await pools.DeleteAsync(name, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.NoContent();
    }
}
