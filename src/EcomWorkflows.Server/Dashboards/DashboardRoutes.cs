using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Server.Dashboards.Actions;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Dashboards;

/// <summary>The pages people look at, and the actions their buttons post to.</summary>
internal static class DashboardRoutes
{
    private const int EventsPerPage = 200;
    private const int ListedAssets = 500;
    private const int ListedAssetEvents = 50;

    public static IServiceCollection AddDashboards(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<DagModels>();
        services.AddSingleton<RunModels>();
        services.AddSingleton<RunLists>();
        services.AddSingleton<BackfillPages.Reader>();
        services.AddSingleton<ModelPages.Pages>();
        return services;
    }

    public static void MapDashboards(this IEndpointRouteBuilder routes)
    {
        foreach (var asset in Asset.All)
            routes.MapGet(asset.Address, (HttpResponse response) =>
            {
                response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return TypedResults.Bytes(asset.Content, asset.ContentType);
            }).ExcludeFromDescription();

        // Browsers ask for it on their own where a page, such as a report, names no icon.
        routes.MapGet("/favicon.ico", () => TypedResults.LocalRedirect(Asset.Path("icon.svg"))).ExcludeFromDescription();

        var pages = routes.MapGroup("").AddEndpointFilter<PageErrors>().ExcludeFromDescription();
        pages.MapGet("/", async (string? q, string? after, string? notice, DagModels models, CancellationToken ct) =>
            Page<DagListPage>(await models.ListAsync(q, after, Notices.Text(notice), ct)));
        // Who shortens an address finds what lies above.
        pages.MapGet("/dags", () => TypedResults.LocalRedirect("/"));
        pages.MapGet("/dags/{dagId}/runs", (string dagId) => TypedResults.LocalRedirect(Links.Dag(dagId)));
        pages.MapGet("/dags/{dagId}", async (string dagId, string? notice, DagModels models, CancellationToken ct) =>
            Page<DagPage>(await models.GetAsync(dagId, Notices.Text(notice), ct)));
        pages.MapGet("/dags/{dagId}/schedule", async (string dagId, DagModels models, CancellationToken ct) => Page<SchedulePage>(await models.ScheduleAsync(dagId, ct)));
        pages.MapGet(Links.Runs, async ([AsParameters] RunListQuery query, RunLists lists, CancellationToken ct) => Page<RunListPage>(await lists.ListAsync(query, ct)));
        // Elsa Studio knows a run by its id only.
        pages.MapGet(Links.Runs + "/{runId:long}", async (long runId, RunReader runs, CancellationToken ct) =>
        {
            var run = await runs.GetAsync(runId, ct);
            return TypedResults.LocalRedirect(Links.Run(run.DagId, run.RunKey));
        });
        pages.MapGet("/dags/{dagId}/runs/{runKey}", async (string dagId, string runKey, string? notice, RunModels models, CancellationToken ct) =>
            Page<RunPage>(await models.RunAsync(dagId, runKey, Notices.Text(notice), ct)));
        pages.MapGet("/dags/{dagId}/runs/{runKey}/live", async (string dagId, string runKey, RunModels models, CancellationToken ct) =>
            Page<RunLive>(await models.RunAsync(dagId, runKey, notice: null, ct)));
        pages.MapGet("/dags/{dagId}/runs/{runKey}/tasks/{taskId}", async (string dagId, string runKey, string taskId, int? map, int? @try, RunModels models, CancellationToken ct) =>
            Page<TaskPage>(await models.TaskAsync(dagId, runKey, taskId, map, @try, ct)));
        pages.MapGet("/activity", async (long? before, EventLog events, CancellationToken ct) =>
            new RazorComponentResult<ActivityPage>(new { Events = await events.ListAsync(dagId: null, runId: null, taskId: null, EventsPerPage, before, ct) }));
        PauseDag.Map(pages);
        StartRun.Map(pages);
        RerunTasks.Map(pages);
        ChangeTasks.Map(pages);
        CancelRun.Map(pages);
        PoolPages.Map(pages);
        BackfillPages.Map(pages);
        pages.MapGet(Links.Assets, async (string? q, AssetReader assets, CancellationToken ct) =>
        {
            var (found, total) = await assets.ListAsync(string.IsNullOrWhiteSpace(q) ? null : q.Trim(), ListedAssets, 0, ct);
            var (events, _) = await assets.EventsAsync(asset: null, sourceDagId: null, sourceTaskId: null, ListedAssetEvents, 0, ct);
            return Page<AssetsPage>(new AssetsModel(found, total, q, events));
        });
        DatasetPages.Map(pages);
        LineagePages.Map(pages);
        FeaturePages.Map(pages);
        ModelPages.Map(pages);
        RetentionPages.Map(pages);
        pages.MapGet(Links.Quality, async (string? source, string? entity, [FromServices] QualityResults results, CancellationToken ct) =>
        {
            var filter = new QualityFilter(Source: Given(source), Entity: Given(entity));
            return Page<QualityPage>(new QualityModel(await results.ListAsync(filter, ct), filter));
        });
        ApprovalPages.Map(pages);
        ReportFiles.Map(pages);
        pages.MapFallback("{*path}", (HttpRequest request) => PageErrors.Page(StatusCodes.Status404NotFound, "Not found", $"There is no page {request.Path}."));
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static RazorComponentResult<TPage> Page<TPage>(object model)
        where TPage : Microsoft.AspNetCore.Components.IComponent => new(new { Model = model });
}
