using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Publishing the latest version of a DAG, taking it back, and going back to a former one.</summary>
internal static class PublishDefinition
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/workflow-definitions/{definitionId}/publish", async (string definitionId, HttpContext context, DefinitionReader reader, DefinitionWriter writer, CancellationToken ct) =>
        {
            var (info, already) = await writer.PublishAsync(definitionId, context, ct);
            return await SaveDefinition.AnswerAsync(context, reader, info, already, ct);
        });
        routes.MapPost(
            "/workflow-definitions/{definitionId}/retract",
            async (string definitionId, HttpContext context, DefinitionReader reader, DefinitionWriter writer, DagRemoval removal, CancellationToken ct) =>
            {
                writer.RequireEditor(context.User);
                await removal.RetractAsync(definitionId, Caller.Actor(context), ct);
                return Results.Json(await reader.ReadAsync(await reader.FindAsync(definitionId, VersionFilter.Latest, ct), context.User, ct), ElsaJson.Options);
            });
        routes.MapPost("/workflow-definitions/{definitionId}/revert/{version:int}", async (string definitionId, int version, HttpContext context, DefinitionWriter writer, CancellationToken ct) =>
            Results.Json(DefinitionSummary.Of(await writer.RevertAsync(definitionId, version, context, ct), canEdit: true), ElsaJson.Options));
    }
}
