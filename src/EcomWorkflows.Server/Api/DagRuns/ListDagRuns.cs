using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary><c>GET /api/v2/dags/{dag_id}/dagRuns</c>; the DAG id <c>~</c> means all DAGs.</summary>
internal static class ListDagRuns
{
    public const string AnyDag = "~";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns", HandleAsync).WithName("get_dag_runs").WithTags("DagRun").WithSummary("Runs of a DAG, or of all with '~'")
            .Produces<DagRunCollection>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromQuery] string[]? state, [FromQuery(Name = "order_by")] string? orderBy,
        int? limit, int? offset, DagStore dags, RunOverview runs, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        var known = StateNames.All<RunState>();
        if (state?.FirstOrDefault(s => !known.Contains(s)) is { } unknown)
            throw new BadRequestException($"'{unknown}' is no run state; allowed: {string.Join(", ", known)}.");
        var oldestFirst = orderBy switch
        {
            null or "-run_after" or "-logical_date" or "-start_date" or "-id" => false,
            "run_after" or "logical_date" or "start_date" or "id" => true,
            _ => throw new BadRequestException($"'{orderBy}' cannot be ordered by; allowed: id, run_after, logical_date, start_date, each also with '-' before it for newest first."),
        };
        if (dagId != AnyDag)
            await dags.GetAsync(dagId, cancellationToken);
        var (found, total) = await runs.PageAsync(dagId == AnyDag ? null : dagId, state ?? [], oldestFirst, page.Limit, page.Offset, cancellationToken);
        return TypedResults.Ok(new DagRunCollection([.. found.Select(DagRunResponse.From)], total));
    }
}
