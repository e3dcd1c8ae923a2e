using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>One definition, by its id and version options or by the id of a version.</summary>
internal static class GetDefinition
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/workflow-definitions/by-definition-id/{definitionId}",
            async (string definitionId, string? versionOptions, HttpContext context, DefinitionReader reader, CancellationToken ct) =>
            {
                var versions = string.IsNullOrEmpty(versionOptions) ? VersionFilter.Latest : VersionOptions.Parse(versionOptions);
                var info = await reader.FindAsync(definitionId, versions, ct);
                return Results.Json(await reader.ReadAsync(info, context.User, ct), ElsaJson.Options);
            });
        routes.MapGet(
            "/workflow-definitions/by-id/{id}",
            async (string id, HttpContext context, DefinitionReader reader, CancellationToken ct) =>
                Results.Json(await reader.ReadAsync(await reader.FindAsync(id, ct), context.User, ct), ElsaJson.Options));
    }
}
