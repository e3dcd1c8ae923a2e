using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Backfills;

/// <summary><c>POST /api/v2/backfills</c></summary>
internal static class CreateBackfill
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/backfills", HandleAsync).WithName("create_backfill").WithTags("Backfill").WithSummary("Run a DAG for a range of past dates")
            .Produces<BackfillResponse>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        BackfillBody body, HttpContext context, BackfillStore backfills, BackfillReader reader, BackfillRunner runner, CancellationToken cancellationToken)
    {
        var id = await backfills.CreateAsync(body.ToRequest(), Actors.Of(context, Actors.Api), cancellationToken);
        await runner.AdvanceAsync(cancellationToken);
        return TypedResults.Ok(BackfillResponse.From(await reader.GetAsync(id, cancellationToken)));
    }
}
