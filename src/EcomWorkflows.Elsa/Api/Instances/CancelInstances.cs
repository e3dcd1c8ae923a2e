using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Cancels one run, named runs, or every active run of a DAG or of one of its versions. What has ended already is left alone.</summary>
internal static class CancelInstances
{
    private const int BatchSize = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/cancel/workflow-instances/{id}", async (string id, HttpContext context, RerunStore reruns, CancellationToken ct) =>
            TypedResults.Ok(new Answer(await reruns.CancelAsync(InstanceId.Parse(id), Caller.Actor(context), ct) ? 1 : 0)));
        routes.MapPost("/bulk-actions/cancel/workflow-instances", async (Request request, HttpContext context, RunSearch search, RerunStore reruns, CancellationToken ct) =>
        {
            var ids = request.Ids is { Count: > 0 } given ? given.Select(InstanceId.Parse).ToList() : await ActiveAsync(request, search, ct);
            var cancelled = 0;
            foreach (var id in ids)
                cancelled += await reruns.CancelAsync(id, Caller.Actor(context), ct) ? 1 : 0;
            return TypedResults.Ok(new Answer(cancelled));
        });
    }

    private static async Task<List<long>> ActiveAsync(Request request, RunSearch search, CancellationToken cancellationToken)
    {
        var (dagId, version) = (request.DefinitionId, (int?)null);
        if (request.DefinitionVersionId is { Length: > 0 } versionId)
        {
            var id = VersionId.Parse(versionId) is { IsDraft: false } published
                ? published
                : throw new DefinitionRefusedException("definitionVersionId", $"'{versionId}' is not the id of a published version; such an id is '<DAG id>:<version>'. A draft has no runs.");
            (dagId, version) = (id.DagId, id.Version);
        }
        if (string.IsNullOrEmpty(dagId))
            throw new DefinitionRefusedException("ids", "Name the runs to cancel: ids, definitionId or definitionVersionId.");
        var filter = new RunFilter
        {
            DagIds = [dagId],
            DagVersion = version,
            Situations = [RunSituation.Queued, RunSituation.Running, RunSituation.Suspended, RunSituation.Interrupted],
        };
        var found = new List<long>();
        for (long? before = null; ; before = found[^1])
        {
            var page = await search.BeforeAsync(filter, BatchSize, before, cancellationToken);
            found.AddRange(page.Select(r => r.RunId));
            if (page.Count < BatchSize)
                return found;
        }
    }

    internal sealed record Request(IReadOnlyList<string>? Ids, string? DefinitionId, string? DefinitionVersionId);

    internal sealed record Answer(int CancelledCount);
}
