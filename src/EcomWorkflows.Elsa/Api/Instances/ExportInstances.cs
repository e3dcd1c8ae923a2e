using System.IO.Compression;
using System.Text.Json;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Runs as files: state, executions and journal. They cannot be read back in: a run is what this orchestrator did, not what a file says.</summary>
internal static class ExportInstances
{
    private const int MaxRuns = 1000;
    private const int JournalPage = 10_000;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void MapReads(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflow-instances/{id}/export", async (string id, Exporter exporter, CancellationToken ct) =>
        {
            var (name, content) = await exporter.ExportAsync(id, ct);
            return TypedResults.Bytes(content, "application/json", name);
        });
        routes.MapPost("/bulk-actions/export/workflow-instances", ExportManyAsync);
    }

    public static void MapChanges(IEndpointRouteBuilder routes) =>
        routes.MapPost("/bulk-actions/import/workflow-instances", IResult () =>
            throw new DefinitionRefusedException(
                "files", "Runs cannot be imported: they are the record of what ran here. Import the definition and start a run, or a backfill for the past."));

    private static async Task<IResult> ExportManyAsync(Request request, Exporter exporter, CancellationToken cancellationToken)
    {
        if (request.Ids is not { Count: > 0 and <= MaxRuns } ids)
            throw new DefinitionRefusedException("ids", $"Name 1 to {MaxRuns} runs to export.");
        using var buffer = new MemoryStream();
        await using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var id in ids.Distinct(StringComparer.Ordinal))
            {
                var (name, content) = await exporter.ExportAsync(id, cancellationToken);
                await using var entry = await archive.CreateEntry(name).OpenAsync(cancellationToken);
                await entry.WriteAsync(content, cancellationToken);
            }
        }
        return TypedResults.Bytes(buffer.ToArray(), "application/zip", "workflow-instances.zip");
    }

    internal sealed record Request(IReadOnlyList<string>? Ids);

    /// <summary>Writes one run as a JSON document.</summary>
    internal sealed class Exporter(InstanceViews views, ExecutionRecords executions, RunJournal journal, JournalRecords lines)
    {
        public async Task<(string Name, byte[] Content)> ExportAsync(string id, CancellationToken cancellationToken)
        {
            var view = await views.GetAsync(id, cancellationToken);
            var entries = new List<JournalEntry>();
            for (var read = JournalPage; read == JournalPage;)
            {
                var (page, _) = await journal.PageAsync(view.Run.RunId, new JournalFilter(), JournalPage, entries.Count, cancellationToken);
                entries.AddRange(page);
                read = page.Count;
            }
            var content = JsonSerializer.SerializeToUtf8Bytes(
                new Document(
                    GetInstance.Details(view),
                    GetInstance.Variables(view.Run, view.Nodes),
                    [.. view.Nodes.All.Where(n => n.TaskId is not null).SelectMany(n => executions.Of(view, n))],
                    [.. entries.Select(e => lines.From(e, view.Run, view.Graph, view.Nodes))]),
                Format);
            return ($"workflow-instance-{id}.json", content);
        }

        private sealed record Document(
            InstanceDetails WorkflowInstance, IReadOnlyList<GetInstance.Variable> Variables, IReadOnlyList<ExecutionRecord> ActivityExecutions, IReadOnlyList<JournalRecord> Journal);
    }
}
