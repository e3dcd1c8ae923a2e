using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Deleting DAGs and single versions, one or many.</summary>
internal static class DeleteDefinition
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/workflow-definitions/{definitionId}", async (string definitionId, HttpContext context, DefinitionWriter writer, DagRemoval removal, CancellationToken ct) =>
        {
            writer.RequireEditor(context.User);
            return await removal.DeleteAsync(definitionId, Caller.Actor(context), ct)
                ? Results.NoContent()
                : throw new NotFoundException($"There is no workflow definition '{definitionId}'.");
        });
        routes.MapDelete("/workflow-definition-versions/{id}", async (string id, HttpContext context, DefinitionWriter writer, DagRemoval removal, CancellationToken ct) =>
        {
            writer.RequireEditor(context.User);
            return VersionId.Parse(id) is { } version && await removal.DeleteVersionAsync(version, Caller.Actor(context), ct)
                ? Results.NoContent()
                : throw new NotFoundException($"There is no workflow definition version '{id}'.");
        });
        routes.MapPost("/bulk-actions/delete/workflow-definitions/by-definition-id", async (HttpContext context, DefinitionWriter writer, DagRemoval removal, CancellationToken ct) =>
        {
            writer.RequireEditor(context.User);
            var deleted = 0;
            foreach (var definitionId in await JsonBody.ReadListAsync(context.Request, "definitionIds", ct))
                deleted += await removal.DeleteAsync(definitionId, Caller.Actor(context), ct) ? 1 : 0;
            return Results.Json(new { deleted }, ElsaJson.Options);
        });
        routes.MapPost("/bulk-actions/delete/workflow-definitions/by-id", async (HttpContext context, DefinitionWriter writer, DagRemoval removal, CancellationToken ct) =>
        {
            writer.RequireEditor(context.User);
            var deleted = 0;
            foreach (var id in (await JsonBody.ReadListAsync(context.Request, "ids", ct)).Select(VersionId.Parse).OfType<VersionId>())
                deleted += await removal.DeleteVersionAsync(id, Caller.Actor(context), ct) ? 1 : 0;
            return Results.Json(new { deleted }, ElsaJson.Options);
        });
    }
}
