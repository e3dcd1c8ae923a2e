using System.Net.ServerSentEvents;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary><c>GET /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/watch</c>: server-sent events, one whenever the run or a task of it has changed.</summary>
internal static class WatchDagRun
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/watch", HandleAsync).WithName("watch_dag_run").WithTags("DagRun")
            .WithSummary("Server-sent events 'changed' while the run goes on, then one 'ended'").ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, RunReader runs, RunWatch watch, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        return TypedResults.ServerSentEvents(EventsAsync(run.RunId, watch, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        long runId, RunWatch watch, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var state in watch.StatesAsync(runId, cancellationToken))
            yield return new SseItem<string>(state.State, state.HasEnded ? "ended" : "changed") { EventId = state.Fingerprint, ReconnectionInterval = TimeSpan.FromSeconds(2) };
    }
}
