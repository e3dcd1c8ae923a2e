using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary><c>GET /workflow-definitions</c>: the list, the version history and the look-up by version ids.</summary>
internal static class ListDefinitions
{
    private const int LargestPage = 1000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(
        "/workflow-definitions",
        async (
            HttpContext context, DefinitionStore definitions, DefinitionReader reader, string? versionOptions, string? searchTerm, int? page, int? pageSize,
            string? orderBy, string? orderDirection, string[]? definitionIds, string[]? ids, CancellationToken ct) =>
        {
            var canEdit = reader.CanEdit(context.User);
            if (ids is { Length: > 0 })
            {
                var found = await definitions.FindAsync([.. ids.Select(VersionId.Parse).OfType<VersionId>()], ct);
                return Answer(found, found.Count);
            }
            if (page < 0 || pageSize is < 1 or > LargestPage)
                throw new DefinitionRefusedException("page", $"Page must be 0 or more and PageSize 1 to {LargestPage}.");
            var (items, total) = await definitions.ListAsync(
                new DefinitionQuery(VersionOptions.Parse(versionOptions))
                {
                    DagIds = definitionIds ?? [],
                    Search = string.IsNullOrWhiteSpace(searchTerm) ? null : searchTerm.Trim(),
                    Order = Enum.TryParse<DefinitionOrder>(orderBy, ignoreCase: true, out var order) ? order : DefinitionOrder.Name,
                    Descending = string.Equals(orderDirection, "Descending", StringComparison.OrdinalIgnoreCase),
                    Offset = (page ?? 0) * (pageSize ?? 0),
                    Limit = pageSize,
                },
                ct);
            return Answer(items, total);

            IResult Answer(IReadOnlyList<DefinitionInfo> found, int count) =>
                Results.Json(new DefinitionPage([.. found.Select(info => DefinitionSummary.Of(info, canEdit))], count, Link.OfList(canEdit)), ElsaJson.Options);
        });
}
