using System.Globalization;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Scoring.Outcomes;
using EcomWorkflows.Pipeline.Scoring.Retention;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/retention</c>: whom to contact, why, and what contacting brought.</summary>
internal static class RetentionPages
{
    private const int ShownTargets = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Retention, async (RetentionStore store, OutcomeStore outcomes, CancellationToken ct) =>
            await PageAsync((await store.ListAsync(source: null, ct)) is [var newest, ..] ? newest : null, store, outcomes, ct));
        routes.MapGet(Links.Retention + "/{source}/{day}", async (string source, string day, RetentionStore store, OutcomeStore outcomes, CancellationToken ct) =>
            await PageAsync(await FindAsync(source, day, store, ct), store, outcomes, ct));
        routes.MapGet(Links.Retention + "/{source}/{day}/targets.csv", CsvAsync);
    }

    private static async Task<RazorComponentResult<RetentionPage>> PageAsync(RetentionList? shown, RetentionStore store, OutcomeStore outcomes, CancellationToken cancellationToken)
    {
        var targets = new List<RetentionTarget>();
        if (shown is not null)
        {
            await foreach (var target in store.TargetsAsync(shown.Source, shown.AsOf, ShownTargets, cancellationToken))
                targets.Add(target);
        }
        return new(new
        {
            Model = new RetentionModel(await store.ListAsync(source: null, cancellationToken), shown, targets, await outcomes.RetentionAsync(source: null, cancellationToken)),
        });
    }

    private static async Task CsvAsync(string source, string day, HttpContext http, RetentionStore store, CancellationToken cancellationToken)
    {
        var list = await FindAsync(source, day, store, cancellationToken);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=retention-{source}-{day}.csv";
        await using var writer = new StreamWriter(http.Response.Body);
        await writer.WriteAsync(RetentionCsv.Header + "\n");
        await foreach (var target in store.TargetsAsync(list.Source, list.AsOf, limit: null, cancellationToken))
            await writer.WriteAsync(RetentionCsv.Line(list, target) + "\n");
    }

    private static async Task<RetentionList> FindAsync(string source, string day, RetentionStore store, CancellationToken cancellationToken) =>
        DateTimeOffset.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var asOf) && await store.FindAsync(source, asOf, cancellationToken) is { } list
            ? list
            : throw new NotFoundException($"There is no retention list of '{source}' as of '{day}'. {Links.Retention} shows what there is.");
}
