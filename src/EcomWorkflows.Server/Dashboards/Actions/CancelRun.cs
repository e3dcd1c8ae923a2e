using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>POST /dags/{dag}/runs/{run}/cancel</c></summary>
internal static class CancelRun
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/dags/{dagId}/runs/{runKey}/cancel", HandleAsync);

    private static async Task<IResult> HandleAsync(string dagId, string runKey, HttpContext context, RunReader runs, RerunStore reruns, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        var cancelled = await reruns.CancelAsync(run.RunId, Actors.Of(context, Actors.Web), cancellationToken);
        return Notices.Redirect(Links.Run(dagId, runKey), cancelled ? "cancelled" : "ended");
    }
}
