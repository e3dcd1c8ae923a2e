using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary><c>GET /workflow-definitions/validation/is-name-unique</c>: asked before creating, renaming and duplicating.</summary>
internal static class IsNameUnique
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(
        "/workflow-definitions/validation/is-name-unique",
        async (string? name, string? definitionId, DefinitionStore definitions, CancellationToken ct) =>
            Results.Json(new { IsUnique = await definitions.IsNameUniqueAsync(name ?? "", definitionId is { Length: > 0 } ? definitionId : null, ct) }, ElsaJson.Options));
}
