using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Pools;

/// <summary><c>GET /api/v2/pools/{pool_name}</c></summary>
internal static class GetPool
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/pools/{pool_name}", HandleAsync).WithName("get_pool").WithTags("Pool").WithSummary("One pool").Produces<PoolResponse>().ProducesProblem(404);

    private static async Task<IResult> HandleAsync([FromRoute(Name = "pool_name")] string name, PoolStore pools, CancellationToken cancellationToken) =>
        TypedResults.Ok(PoolResponse.From(await pools.GetAsync(name, cancellationToken)));
}
