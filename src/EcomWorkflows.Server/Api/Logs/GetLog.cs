using System.Globalization;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Logs;

/// <summary><c>GET /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/logs/{try_number}</c>: JSON by parts, or the whole as text.</summary>
internal static class GetLog
{
    private const int PartSize = 1000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/logs/{try_number:int}", HandleAsync).WithName("get_log").WithTags("Task Instance")
            .WithSummary("Log of a try: JSON with a continuation token, or text/plain").Produces<LogResponse>().Produces<string>(200, "text/plain").ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
        [FromRoute(Name = "try_number")] int tryNumber, [FromQuery(Name = "map_index")] int? mapIndex, [FromQuery] string? token, [FromQuery(Name = "full_content")] bool? fullContent,
        HttpRequest request, RunReader runs, LogStore logs, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        var attempt = await runs.AttemptAsync(run.RunId, taskId, mapIndex ?? -1, tryNumber, cancellationToken);
        if (WantsText(request))
            return TypedResults.Stream(stream => WriteTextAsync(stream, attempt.AttemptId, logs, cancellationToken), "text/plain; charset=utf-8");
        var lines = new List<LogLine>();
        var after = ReadToken(token);
        while (true)
        {
            var part = await logs.ReadAsync(attempt.AttemptId, after, PartSize, cancellationToken);
            lines.AddRange(part.Select(LogLine.From));
            after = part.Count > 0 ? part[^1].LogId : after;
            if (part.Count < PartSize || fullContent != true)
                return TypedResults.Ok(new LogResponse(lines, part.Count < PartSize && attempt.EndedAt is not null ? null : after.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static bool WantsText(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(a => a.MediaType == "text/plain") && accepted.All(a => a.MediaType != "application/json");
    }

    private static long ReadToken(string? token) => token switch
    {
        null or "" => 0,
        _ when long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var after) => after,
        _ => throw new BadRequestException($"'{token}' is no continuation token; pass the one of the answer before."),
    };

    private static async Task WriteTextAsync(Stream stream, long attemptId, LogStore logs, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, leaveOpen: true);
        long after = 0;
        while (await logs.ReadAsync(attemptId, after, PartSize, cancellationToken) is { Count: > 0 } part)
        {
            foreach (var row in part)
                await writer.WriteAsync(LogLine.From(row).ToText());
            after = part[^1].LogId;
        }
    }
}
