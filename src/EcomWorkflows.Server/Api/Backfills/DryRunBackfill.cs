using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary><c>POST /api/v2/backfills/dry_run</c></summary>
internal static class DryRunBackfill
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/backfills/dry_run", HandleAsync).WithName("create_backfill_dry_run").WithTags("Backfill").WithSummary("What a backfill would do, date by date")
            .Produces<BackfillDateCollection>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(BackfillBody body, BackfillStore backfills, CancellationToken cancellationToken)
    {
        var plan = await backfills.PlanAsync(body.ToRequest(), cancellationToken);
        return TypedResults.Ok(new BackfillDateCollection([.. plan.Select(BackfillDateResponse.From)], plan.Count));
    }
}
