using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary><c>GET /api/v2/backfills/{backfill_id}</c> and its <c>/dates</c>.</summary>
internal static class GetBackfill
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/backfills/{backfill_id:long}", HandleAsync).WithName("get_backfill").WithTags("Backfill").WithSummary("One backfill and how far it is")
            .Produces<BackfillResponse>().ProducesProblem(404);
        routes.MapGet("/backfills/{backfill_id:long}/dates", DatesAsync).WithName("get_backfill_dates").WithTags("Backfill").WithSummary("Its dates: what was done and why")
            .Produces<BackfillDateCollection>().ProducesProblem(404);
    }

    private static async Task<IResult> HandleAsync([FromRoute(Name = "backfill_id")] long id, BackfillReader backfills, CancellationToken cancellationToken) =>
        TypedResults.Ok(BackfillResponse.From(await backfills.GetAsync(id, cancellationToken)));

    private static async Task<IResult> DatesAsync([FromRoute(Name = "backfill_id")] long id, BackfillReader backfills, CancellationToken cancellationToken)
    {
        await backfills.GetAsync(id, cancellationToken);
        var dates = await backfills.DatesAsync(id, cancellationToken);
        return TypedResults.Ok(new BackfillDateCollection([.. dates.Select(BackfillDateResponse.From)], dates.Count));
    }
}
