using System.Text.Json;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Quality;

/// <summary><c>/api/v2/quality/…</c>: what validation found; ours, as Airflow has no such thing.</summary>
internal static class QualityRoutes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var quality = routes.MapGroup("/quality").WithTags("Quality");
        quality.MapGet("/results", ListAsync).WithName("get_quality_results").WithSummary("Validation results, newest first").Produces<IReadOnlyList<QualitySummary>>().ProducesProblem(400);
        quality.MapGet("/results/{id:long}", GetAsync).WithName("get_quality_result").WithSummary("A validation result as Great Expectations writes it").Produces<object>().ProducesProblem(404);
        quality.MapGet("/results/{id:long}/expectations", ExpectationsAsync).WithName("get_quality_expectations").WithSummary("What was found for each expectation of a result")
            .Produces<IReadOnlyList<QualityExpectation>>().ProducesProblem(404);
        quality.MapGet("/results/{id:long}/anomalies", AnomaliesAsync).WithName("get_quality_anomalies").WithSummary("A result's figures beside the bounds the runs before set")
            .Produces<IReadOnlyList<Anomaly>>().ProducesProblem(404);
        quality.MapGet("/history/{source}/{entity}", HistoryAsync).WithName("get_quality_history").WithSummary("What the last runs found in a table").Produces<QualityHistory>().ProducesProblem(400).ProducesProblem(404);
        quality.MapGet("/quarantine/{source}/{entity}", QuarantineAsync).WithName("get_quality_quarantine").WithSummary("Rows in quarantine, each with its reasons and as it came")
            .Produces<IReadOnlyList<QuarantinedRow>>().ProducesProblem(400).ProducesProblem(404);
        quality.MapGet("/runs/{run_id:long}/issues", IssuesAsync).WithName("get_quality_issues").WithSummary("Issues of a run's data and their resolution; as CSV with format=csv")
            .Produces<IReadOnlyList<QualityIssue>>().Produces<string>(200, "text/csv").ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(
        [FromQuery(Name = "run_id")] long? runId, string? source, string? entity, int? limit, [FromServices] QualityResults results, CancellationToken cancellationToken) =>
        TypedResults.Json(await results.ListAsync(new QualityFilter(runId, source, entity, Page.Read(limit, null).Limit), cancellationToken), Json);

    private static async Task<IResult> GetAsync(long id, [FromServices] QualityResults results, CancellationToken cancellationToken) =>
        await results.ResultJsonAsync(id, cancellationToken) is { } json ? TypedResults.Text(json, "application/json") : Missing(id);

    private static async Task<IResult> ExpectationsAsync(long id, [FromServices] QualityResults results, CancellationToken cancellationToken) =>
        await results.FindAsync(id, cancellationToken) is null ? Missing(id) : TypedResults.Json(await results.ExpectationsAsync(id, cancellationToken), Json);

    private static async Task<IResult> AnomaliesAsync(long id, [FromServices] QualityResults results, CancellationToken cancellationToken) =>
        await results.FindAsync(id, cancellationToken) is null ? Missing(id) : TypedResults.Json(await results.AnomaliesAsync(id, cancellationToken), Json);

    private static async Task<IResult> HistoryAsync(
        string source, string entity, int? limit, [FromServices] QualityHistoryReader history, [FromServices] LakeStore lake, CancellationToken cancellationToken)
    {
        var runs = limit is null ? QualityHistory.ComparedRuns : Page.Read(limit, null).Limit;
        var found = await history.ReadAsync(source, entity, cancellationToken, runs: runs);
        if (found.Runs.Count == 0)
            await lake.ExistingAsync(new LakeTableName("bronze", source, entity), cancellationToken);
        return TypedResults.Json(found, Json);
    }

    private static async Task<IResult> QuarantineAsync(
        string source, string entity, string? code, int? limit, int? offset, [FromServices] QuarantineReader quarantine, [FromServices] LakeStore lake, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset);
        await lake.ExistingAsync(new LakeTableName("bronze", source, entity), cancellationToken);
        return TypedResults.Json(await quarantine.ReadAsync(source, entity, code, page.Limit, page.Offset, cancellationToken), Json);
    }

    private static async Task<IResult> IssuesAsync([FromRoute(Name = "run_id")] long runId, string? format, [FromServices] QualityIssues issues, RunReader runs, CancellationToken cancellationToken)
    {
        if (format is not (null or "json" or "csv"))
            throw new BadRequestException($"format is {format}; allowed are json and csv.");
        var found = await issues.OfRunAsync(runId, cancellationToken);
        if (found.Count == 0)
            await runs.GetAsync(runId, cancellationToken);
        return format == "csv" ? TypedResults.Text(QualityIssues.Csv(found), "text/csv") : TypedResults.Json(found, Json);
    }

    private static IResult Missing(long id) => Problem.NotFound($"There is no validation result {id}.");
}
