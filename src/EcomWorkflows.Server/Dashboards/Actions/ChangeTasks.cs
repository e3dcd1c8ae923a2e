using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/dags/{dag}/runs/{run}/change</c>: GET says what a clear or mark would do, POST does it; a run that has changed meanwhile is shown anew instead.</summary>
internal static class ChangeTasks
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dags/{dagId}/runs/{runKey}/change", async (string dagId, string runKey, HttpContext context, RunViews views, RerunStore reruns, CancellationToken ct) =>
        {
            var query = ChangeQuery.Read(name => [.. context.Request.Query[name]]);
            return await PreviewAsync(await views.GetAsync(dagId, runKey, ct), query with { Generation = null }, problem: null, StatusCodes.Status200OK, reruns, context, ct);
        });
        routes.MapPost("/dags/{dagId}/runs/{runKey}/change", HandleAsync);
    }

    private static async Task<IResult> HandleAsync(string dagId, string runKey, HttpContext context, RunViews views, RerunStore reruns, CancellationToken cancellationToken)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        var query = ChangeQuery.Read(name => [.. form[name]]);
        var view = await views.GetAsync(dagId, runKey, cancellationToken);
        try
        {
            var done = await ApplyAsync(view, query, isDryRun: false, reruns, context, cancellationToken);
            return Notices.Redirect(Links.Run(dagId, runKey), done.Runs.All(r => r.Instances.Count == 0) ? "nothing" : query.IsClear ? "cleared" : "marked");
        }
        catch (StaleGenerationException stale)
        {
            return await PreviewAsync(
                await views.GetAsync(dagId, runKey, cancellationToken), query with { Generation = null }, stale.Message, StatusCodes.Status409Conflict, reruns, context, cancellationToken);
        }
    }

    private static async Task<RazorComponentResult<ChangePage>> PreviewAsync(
        RunView view, ChangeQuery query, string? problem, int status, RerunStore reruns, HttpContext context, CancellationToken cancellationToken)
    {
        RerunReport? report = null;
        try
        {
            report = await ApplyAsync(view, query, isDryRun: true, reruns, context, cancellationToken);
        }
        catch (OrchestrationException refused) when (refused is not NotFoundException)
        {
            (problem, status) = (refused.Message, StatusCodes.Status400BadRequest);
        }
        return new RazorComponentResult<ChangePage>(new { Model = new ChangeModel(view, query, report, problem) }) { StatusCode = status };
    }

    private static Task<RerunReport> ApplyAsync(RunView view, ChangeQuery query, bool isDryRun, RerunStore reruns, HttpContext context, CancellationToken cancellationToken)
    {
        var request = query.ToRequest(view.Run.RunId);
        var actor = Actors.Of(context, Actors.Web);
        return query.IsClear
            ? reruns.ClearAsync(request, isDryRun, actor, cancellationToken)
            : reruns.MarkAsync(request, StateNames.Parse<TaskState>(query.Do), isDryRun, actor, cancellationToken);
    }
}
