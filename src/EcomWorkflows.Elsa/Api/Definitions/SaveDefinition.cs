using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary><c>POST /workflow-definitions</c> saves or publishes what the editor has; <c>POST …/import</c> takes a file as a draft.</summary>
internal static class SaveDefinition
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/workflow-definitions", async (HttpContext context, DefinitionReader reader, DefinitionWriter writer, CancellationToken ct) =>
        {
            var body = await JsonBody.ReadAsync(context.Request, ct);
            var model = body["model"] as JsonObject ?? throw new DefinitionRefusedException("model", "Expected {\"model\": {…}, \"publish\": false}.");
            var (info, already) = await writer.SaveAsync(model, body["publish"]?.GetValueKind() == JsonValueKind.True, checkConflict: true, context, ct);
            return await AnswerAsync(context, reader, info, already, ct);
        });
        routes.MapMethods("/workflow-definitions/import", [HttpMethods.Post, HttpMethods.Put], async (HttpContext context, DefinitionReader reader, DefinitionWriter writer, CancellationToken ct) =>
        {
            var (info, _) = await writer.SaveAsync(await JsonBody.ReadAsync(context.Request, ct), publish: false, checkConflict: false, context, ct);
            return Results.Json(await reader.ReadAsync(info, context.User, ct), ElsaJson.Options);
        });
        // The editor's Test tab cannot be hidden.
        routes.MapPost("/tests/activities", IResult () => throw new DefinitionRefusedException(
            "request", "A task works on the data of a run, so it cannot be tried on its own. Publish the DAG and run it; mark what should not run."));
    }

    public static async Task<IResult> AnswerAsync(HttpContext context, DefinitionReader reader, Orchestration.Storage.DefinitionInfo info, bool alreadyPublished, CancellationToken ct) =>
        Results.Json(
            new { WorkflowDefinition = await reader.ReadAsync(info, context.User, ct), AlreadyPublished = alreadyPublished, ConsumingWorkflowCount = 0 }, ElsaJson.Options);
}
