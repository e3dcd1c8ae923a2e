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
            dagId, body?.Conf, body?.LogicalDate, Actors.Of(context, Actors.Api), cancellationToken, body?.DagRunId, body?.Note);
        return created.IsNew
            ? TypedResults.Ok(DagRunResponse.From(await runs.GetAsync(created.RunId, cancellationToken)))
            : Problem.Conflict($"DAG '{dagId}' already has a run '{created.RunKey}'. Give another dag_run_id or logical_date.");
    }

    internal sealed record Body(
        [property: JsonPropertyName("dag_run_id")] string? DagRunId,
        [property: JsonPropertyName("logical_date")] DateTimeOffset? LogicalDate,
        [property: JsonPropertyName("conf")] JsonObject? Conf,
        [property: JsonPropertyName("note")] string? Note);
}
