using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary><c>POST /api/v2/assets/events</c>: something outside has written an asset.</summary>
internal static class CreateAssetEvent
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/assets/events", HandleAsync).WithName("create_asset_event").WithTags("Asset").WithSummary("Say that something outside has written an asset")
            .Produces<AssetEventResponse>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(Body body, HttpContext context, AssetStore store, AssetReader assets, AssetTrigger trigger, CancellationToken cancellationToken)
    {
        if (body.Name is not { Length: > 0 } name)
            throw new BadRequestException("name is needed, for example {\"name\": \"silver.shop.orders\", \"row_count\": 120}.");
        if (body.RowCount is < 0)
            throw new BadRequestException($"row_count is {body.RowCount}; it is 0 or more.");
        var id = await store.AddEventAsync(name, body.RowCount, body.Extra, Actors.Of(context, Actors.Api), cancellationToken);
        await trigger.TriggerAsync(cancellationToken);
        var (events, _) = await assets.EventsAsync(name, null, null, Page.MaxLimit, 0, cancellationToken);
        return TypedResults.Ok(AssetEventResponse.From(events.First(e => e.AssetEventId == id)));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body(
        [property: JsonPropertyName("name")] string? Name, [property: JsonPropertyName("row_count")] long? RowCount, [property: JsonPropertyName("extra")] JsonObject? Extra);
}
