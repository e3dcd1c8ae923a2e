using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>POST /dags/{dag}/pause</c></summary>
internal static class PauseDag
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/dags/{dagId}/pause", HandleAsync).DisableAntiforgery();

    private static async Task<IResult> HandleAsync(string dagId, [FromForm] bool paused, [FromForm] string? back, HttpContext context, DagStore dags, CancellationToken cancellationToken)
    {
        await dags.SetPausedAsync(dagId, paused, Actors.Of(context, Actors.Web), cancellationToken);
        return Notices.Redirect(back == Links.Home ? Links.Home : Links.Dag(dagId), paused ? "paused" : "unpaused");
    }
}
