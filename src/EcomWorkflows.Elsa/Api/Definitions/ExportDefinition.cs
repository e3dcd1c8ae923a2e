using System.IO.Compression;
using System.Text;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Definitions as files, in the stable form that <c>ecom dags export</c> writes.</summary>
internal static class ExportDefinition
{
    public static void MapReads(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/workflow-definitions/{definitionId}/export",
            async (string definitionId, string? versionOptions, DefinitionReader reader, TaskRegistry registry, CancellationToken ct) =>
            {
                var versions = string.IsNullOrEmpty(versionOptions) ? VersionFilter.Latest : VersionOptions.Parse(versionOptions);
                var info = await reader.FindAsync(definitionId, versions, ct);
                return Results.File(Encoding.UTF8.GetBytes(await WriteAsync(info, reader, registry, ct)), "application/json", $"{definitionId}.json");
            });
        // Reads, though Studio posts the ids.
        routes.MapPost("/bulk-actions/export/workflow-definitions", async (HttpContext context, DefinitionStore definitions, DefinitionReader reader, TaskRegistry registry, CancellationToken ct) =>
        {
            var ids = await JsonBody.ReadListAsync(context.Request, "ids", ct);
            var found = await definitions.FindAsync([.. ids.Select(VersionId.Parse).OfType<VersionId>()], ct);
            using var target = new MemoryStream();
            using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var info in found)
                {
                    await using var writer = new StreamWriter(await zip.CreateEntry(found.Count(other => other.DagId == info.DagId) > 1 ? $"{info.DagId}-v{info.Version}.json" : $"{info.DagId}.json").OpenAsync(ct));
                    await writer.WriteAsync(await WriteAsync(info, reader, registry, ct));
                }
            }
            return Results.File(target.ToArray(), "application/zip", "workflow-definitions.zip");
        });
    }

    private static async Task<string> WriteAsync(DefinitionInfo info, DefinitionReader reader, TaskRegistry registry, CancellationToken ct) =>
        FileForm.Write(await reader.StoredAsync(info, ct), registry);
}
