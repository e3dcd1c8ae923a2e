using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary><c>POST /api/v2/dags/{dag_id}/dagRuns</c></summary>
internal static class TriggerDagRun
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/dags/{dag_id}/dagRuns", HandleAsync).WithName("trigger_dag_run").WithTags("DagRun").WithSummary("Start a manual run")
            .Produces<DagRunResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, Body? body, HttpContext context, ManualRuns manual, RunReader runs, CancellationToken cancellationToken)
    {
        var created = await manual.TriggerAsync(
            dagId, body?.Conf, body?.LogicalDate, Actors.Of(context, Actors.Api), cancellationToken, body?.DagRunId, body?.Note, body?.ToInterval());
        return created.IsNew
            ? TypedResults.Ok(DagRunResponse.From(await runs.GetAsync(created.RunId, cancellationToken)))
            : Problem.Conflict($"DAG '{dagId}' already has a run '{created.RunKey}'. Give another dag_run_id or logical_date.");
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body(
        [property: JsonPropertyName("dag_run_id")] string? DagRunId,
        [property: JsonPropertyName("logical_date")] DateTimeOffset? LogicalDate,
        [property: JsonPropertyName("data_interval_start")] DateTimeOffset? DataIntervalStart,
        [property: JsonPropertyName("data_interval_end")] DateTimeOffset? DataIntervalEnd,
        [property: JsonPropertyName("conf")] JsonObject? Conf,
        [property: JsonPropertyName("note")] string? Note)
    {
        /// <summary>The data interval the request names; null where it leaves it to the schedule.</summary>
        /// <exception cref="BadRequestException">Only one of its ends is given.</exception>
        public DataInterval? ToInterval() => (DataIntervalStart, DataIntervalEnd) switch
        {
            (null, null) => null,
            ({ } start, { } end) => new DataInterval(start, end),
            _ => throw new BadRequestException(
                $"{(DataIntervalStart is null ? "data_interval_start" : "data_interval_end")} is missing: give both ends of the data interval, or neither to take the last complete one of the schedule."),
        };
    }
}
