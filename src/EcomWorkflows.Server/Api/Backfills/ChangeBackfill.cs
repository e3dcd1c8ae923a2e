using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary><c>PUT /api/v2/backfills/{backfill_id}/pause</c>, <c>/unpause</c> and <c>/cancel</c>.</summary>
internal static class ChangeBackfill
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "pause", "Start no further dates", (store, id, actor, token) => store.SetPausedAsync(id, true, actor, token));
        Map(routes, "unpause", "Go on with its dates", (store, id, actor, token) => store.SetPausedAsync(id, false, actor, token));
        Map(routes, "cancel", "Release what has not started; runs under way go on", (store, id, actor, token) => store.CancelAsync(id, actor, token));
    }

    private static void Map(IEndpointRouteBuilder routes, string verb, string summary, Func<BackfillStore, long, string, CancellationToken, Task> change) =>
        routes.MapPut(
            $"/backfills/{{backfill_id:long}}/{verb}",
            async ([FromRoute(Name = "backfill_id")] long id, HttpContext context, BackfillStore backfills, BackfillReader reader, CancellationToken cancellationToken) =>
            {
                await change(backfills, id, Actors.Of(context, Actors.Api), cancellationToken);
                return TypedResults.Ok(BackfillResponse.From(await reader.GetAsync(id, cancellationToken)));
            })
            .WithName($"{verb}_backfill").WithTags("Backfill").WithSummary(summary).Produces<BackfillResponse>().ProducesProblem(400).ProducesProblem(404);
}
