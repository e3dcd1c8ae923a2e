using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary><c>GET /api/v2/eventLogs</c>: who did what, newest first.</summary>
internal static class ListEventLogs
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/eventLogs", HandleAsync).WithName("get_event_logs").WithTags("Event Log").WithSummary("Who did what, newest first; 'before' pages on")
            .Produces<EventLogCollection>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromQuery(Name = "dag_id")] string? dagId, [FromQuery(Name = "run_id")] string? runKey, [FromQuery(Name = "task_id")] string? taskId, long? before, int? limit,
        EventLog events, RunReader runs, CancellationToken cancellationToken)
    {
        var page = Page.Read(limit, offset: null);
        if (runKey is not null && dagId is null)
            throw new BadRequestException("run_id names a run of one DAG: give its dag_id, too.");
        var runId = runKey is null ? (long?)null : (await runs.GetAsync(dagId!, runKey, cancellationToken)).RunId;
        var rows = await events.ListAsync(dagId, runId, taskId, page.Limit, before, cancellationToken);
        return TypedResults.Ok(new EventLogCollection([.. rows.Select(EventLogResponse.From)], await events.CountAsync(dagId, runId, taskId, cancellationToken)));
    }
}
