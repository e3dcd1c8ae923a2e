using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary><c>POST /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/approval</c>: answers what a task asks.</summary>
internal static class AnswerApproval
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/approval", HandleAsync).WithName("post_approval").WithTags("Task Instance")
            .WithSummary("Answer what a task asks, for example {\"decision\": \"approve\"}").Produces<ApprovalResponse>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, [FromRoute(Name = "task_id")] string taskId,
        [FromQuery(Name = "map_index")] int? mapIndex, Body body, HttpContext context, RunReader runs, QuestionStore questions, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(body.Decision))
            throw new BadRequestException("decision is missing: one of the options the task offers, for example approve or reject.");
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        var answered = await questions.AnswerAsync(run.RunId, taskId, mapIndex ?? -1, body.Decision, body.Comment, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Ok(new ApprovalResponse(answered.Subject, answered.Answer!, answered.AnsweredBy!, answered.Comment, answered.AnsweredAt!.Value));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body([property: JsonPropertyName("decision")] string? Decision, [property: JsonPropertyName("comment")] string? Comment);
}
