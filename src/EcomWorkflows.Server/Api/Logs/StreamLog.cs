using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Logs;

/// <summary><c>GET …/logs/{try_number}/stream</c>: server-sent events, one per row while it is written; goes on after <c>Last-Event-ID</c>.</summary>
internal static class StreamLog
{
    private const int PartSize = 500;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(400);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/logs/{try_number:int}/stream", HandleAsync).WithName("stream_log").WithTags("Task Instance")
            .WithSummary("Server-sent events 'line' for each log row, then one 'end'").ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
        [FromRoute(Name = "try_number")] int tryNumber, [FromQuery(Name = "map_index")] int? mapIndex, [FromQuery] long? after,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId, RunReader runs, LogStore logs, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        var attempt = await runs.AttemptAsync(run.RunId, taskId, mapIndex ?? -1, tryNumber, cancellationToken);
        var start = long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : after ?? 0;
        return TypedResults.ServerSentEvents(LinesAsync(attempt, mapIndex ?? -1, start, runs, logs, time, lifetime.ApplicationStopping, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<LogLine>> LinesAsync(
        AttemptInfo attempt, int mapIndex, long after, RunReader runs, LogStore logs, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A stream would otherwise hold up the server's stop until the browser goes away.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        while (true)
        {
            // Asked before the rows are read: rows written until the attempt's end are then surely among them.
            var ended = (await runs.AttemptAsync(attempt.RunId, attempt.TaskId, mapIndex, attempt.TryNumber, ending.Token)).EndedAt is not null;
            var part = await logs.ReadAsync(attempt.AttemptId, after, PartSize, ending.Token);
            foreach (var row in part)
                yield return new SseItem<LogLine>(LogLine.From(row), "line") { EventId = row.LogId.ToString(CultureInfo.InvariantCulture) };
            after = part.Count > 0 ? part[^1].LogId : after;
            if (part.Count == 0 && ended)
                break;
            if (part.Count < PartSize)
                await Task.Delay(LookAgain, time, ending.Token);
        }
        yield return new SseItem<LogLine>(new LogLine(after, time.GetUtcNow(), "info", "", "", null, null), "end");
    }
}
