using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>POST /dags/{dag}/runs/{run}/rerun</c>: all failed tasks, or one task and everything after it.</summary>
internal static class RerunTasks
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/dags/{dagId}/runs/{runKey}/rerun", HandleAsync);

    private static async Task<IResult> HandleAsync(
        string dagId, string runKey, HttpContext context, RunReader runs, RerunStore reruns, CancellationToken cancellationToken)
    {
        // A form without fields comes without a body, which parameter binding does not take for a form.
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        var task = form["task"].ToString();
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        var selection = task.Length == 0 ? new ClearSelection() : new ClearSelection([task], OnlyFailed: false, Downstream: true);
        var done = await reruns.ClearAsync(run.RunId, selection, dryRun: false, Actors.Of(context, Actors.Web), cancellationToken);
        return Notices.Redirect(Links.Run(dagId, runKey), done.Cleared.Count > 0 ? "cleared" : "nothing");
    }
}
