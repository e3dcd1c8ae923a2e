using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Pools;

/// <summary><c>POST /api/v2/pools</c></summary>
internal static class CreatePool
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/pools", HandleAsync).WithName("post_pool").WithTags("Pool").WithSummary("Make a pool")
            .Produces<PoolResponse>(StatusCodes.Status201Created).ProducesProblem(400).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(Body body, HttpContext context, PoolStore pools, CancellationToken cancellationToken)
    {
        if (body is not { Name: { Length: > 0 } name, Slots: { } slots })
            throw new BadRequestException("name and slots are needed, for example {\"name\": \"gpu\", \"slots\": 2}.");
        if ((await pools.ListAsync(cancellationToken)).Any(pool => pool.Name == name))
            return Problem.Conflict($"There is a pool '{name}' already. PATCH /api/v2/pools/{name} changes it.");
        await pools.SetAsync(name, slots, body.Description, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Created($"/api/v2/pools/{name}", PoolResponse.From(await pools.GetAsync(name, cancellationToken)));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body(
        [property: JsonPropertyName("name")] string? Name, [property: JsonPropertyName("slots")] int? Slots, [property: JsonPropertyName("description")] string? Description);
}
