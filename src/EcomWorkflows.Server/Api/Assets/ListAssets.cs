using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary><c>GET /api/v2/assets</c></summary>
internal static class ListAssets
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets", HandleAsync).WithName("get_assets").WithTags("Asset").WithSummary("Assets with the tasks that write and read them and the DAGs scheduled on them")
            .Produces<AssetCollection>().ProducesProblem(400);

    private static async Task<IResult> HandleAsync(
        [FromQuery(Name = "name_pattern")] string? name, int? limit, int? offset, AssetReader assets, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var (found, total) = await assets.ListAsync(string.IsNullOrEmpty(name) ? null : name, page.Limit, page.Offset, cancellationToken);
        return TypedResults.Ok(new AssetCollection([.. found.Select(AssetResponse.From)], total));
    }
}
