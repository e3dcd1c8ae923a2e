using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Pools;

/// <summary><c>PATCH /api/v2/pools/{pool_name}</c></summary>
internal static class PatchPool
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/pools/{pool_name}", HandleAsync).WithName("patch_pool").WithTags("Pool").WithSummary("Change a pool's slots or description")
            .Produces<PoolResponse>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "pool_name")] string name, Body body, HttpContext context, PoolStore pools, CancellationToken cancellationToken)
    {
        var pool = await pools.GetAsync(name, cancellationToken);
        if (body.Name is { } other && other != name)
            throw new BadRequestException($"The body is of pool '{other}', the address of '{name}'.");
        await pools.SetAsync(name, body.Slots ?? pool.Slots, body.Description, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Ok(PoolResponse.From(await pools.GetAsync(name, cancellationToken)));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body(
        [property: JsonPropertyName("name")] string? Name, [property: JsonPropertyName("slots")] int? Slots, [property: JsonPropertyName("description")] string? Description);
}
