using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary><c>GET /api/v2/assets/events</c>, and the events that caused a run.</summary>
internal static class ListAssetEvents
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/assets/events", HandleAsync).WithName("get_asset_events").WithTags("Asset").WithSummary("Events of assets, newest first, with the runs they started")
            .Produces<AssetEventCollection>().ProducesProblem(400);
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/upstreamAssetEvents", CausesAsync).WithName("get_upstream_asset_events").WithTags("DagRun")
            .WithSummary("The asset events that caused a run").Produces<AssetEventCollection>().ProducesProblem(404);
    }

    private static async Task<IResult> HandleAsync(
        string? name, [FromQuery(Name = "source_dag_id")] string? dagId, [FromQuery(Name = "source_task_id")] string? taskId, int? limit, int? offset,
        AssetReader assets, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var (events, total) = await assets.EventsAsync(name, dagId, taskId, page.Limit, page.Offset, cancellationToken);
        return TypedResults.Ok(new AssetEventCollection([.. events.Select(AssetEventResponse.From)], total));
    }

    private static async Task<IResult> CausesAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, RunReader runs, AssetReader assets, CancellationToken cancellationToken)
    {
        var events = await assets.CausesAsync((await runs.GetAsync(dagId, runKey, cancellationToken)).RunId, cancellationToken);
        return TypedResults.Ok(new AssetEventCollection([.. events.Select(AssetEventResponse.From)], events.Count));
    }
}
