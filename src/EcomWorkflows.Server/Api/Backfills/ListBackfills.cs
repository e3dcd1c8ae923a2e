using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary><c>GET /api/v2/backfills</c></summary>
internal static class ListBackfills
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/backfills", HandleAsync).WithName("list_backfills").WithTags("Backfill").WithSummary("Backfills, newest first; of one DAG with dag_id, unfinished ones with active")
            .Produces<BackfillCollection>().ProducesProblem(400);

    private static async Task<IResult> HandleAsync(
        [FromQuery(Name = "dag_id")] string? dagId, bool? active, int? limit, int? offset, BackfillReader backfills, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var (found, total) = await backfills.ListAsync(dagId, active ?? false, page.Limit, page.Offset, cancellationToken);
        return TypedResults.Ok(new BackfillCollection([.. found.Select(BackfillResponse.From)], total));
    }
}
