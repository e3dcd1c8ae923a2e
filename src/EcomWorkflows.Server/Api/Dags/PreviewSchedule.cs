using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary><c>GET /api/v2/dags/{dag_id}/schedule-preview</c></summary>
internal static class PreviewSchedule
{
    private const int DefaultCount = 20;
    private const int MaxCount = 400;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/dags/{dag_id}/schedule-preview", HandleAsync).WithName("preview_schedule").WithTags("DAG")
            .WithSummary("The next fire times of a DAG's schedule, with notes about the days clocks change").Produces<Preview>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, int? count, DagStore dags, ScheduleStore schedules, TimeProvider time, CancellationToken cancellationToken)
    {
        if (count is < 1 or > MaxCount)
            throw new BadRequestException($"count is {count}; allowed are 1 to {MaxCount}.");
        var settings = (await dags.CurrentGraphAsync(dagId, cancellationToken)).Dag.Settings;
        var schedule = DagSchedule.Read(settings, out var problem);
        var coming = schedule?.Upcoming(time.GetUtcNow()).TakeWhile(f => settings.EndDate is not { } end || f.Interval.End <= end).Take(count ?? DefaultCount) ?? [];
        return TypedResults.Ok(new Preview(
            dagId, settings.TimeZone, ScheduleWords.Describe(settings), settings.Catchup, problem ?? await schedules.ProblemAsync(dagId, cancellationToken),
            [.. coming.Select(f => new Fire(
                f.At, TimeZoneInfo.ConvertTime(f.At, schedule!.TimeZone), f.Interval.Start, f.Interval.Start, f.Interval.End, f.Note))]));
    }

    internal sealed record Preview(
        [property: JsonPropertyName("dag_id")] string DagId,
        [property: JsonPropertyName("timezone")] string TimeZone,
        [property: JsonPropertyName("timetable_description")] string TimetableDescription,
        [property: JsonPropertyName("catchup")] bool Catchup,
        [property: JsonPropertyName("problem")] string? Problem,
        [property: JsonPropertyName("fire_times")] IReadOnlyList<Fire> FireTimes);

    internal sealed record Fire(
        [property: JsonPropertyName("run_after")] DateTimeOffset RunAfter,
        [property: JsonPropertyName("local_time")] DateTimeOffset LocalTime,
        [property: JsonPropertyName("logical_date")] DateTimeOffset LogicalDate,
        [property: JsonPropertyName("data_interval_start")] DateTimeOffset DataIntervalStart,
        [property: JsonPropertyName("data_interval_end")] DateTimeOffset DataIntervalEnd,
        [property: JsonPropertyName("note")] string? Note);
}
