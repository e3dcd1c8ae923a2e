using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Pools;

/// <summary><c>GET /api/v2/pools</c></summary>
internal static class ListPools
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/pools", HandleAsync).WithName("get_pools").WithTags("Pool").WithSummary("Pools with their open slots").Produces<PoolCollection>().ProducesProblem(400);

    private static async Task<IResult> HandleAsync(int? limit, int? offset, PoolStore pools, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var all = await pools.ListAsync(cancellationToken);
        return TypedResults.Ok(new PoolCollection([.. all.Skip(page.Offset).Take(page.Limit).Select(PoolResponse.From)], all.Count));
    }
}
