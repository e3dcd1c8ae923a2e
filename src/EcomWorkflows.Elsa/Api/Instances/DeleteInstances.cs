using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Deletes runs that have ended; all that are named, or none.</summary>
internal static class DeleteInstances
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/workflow-instances/{id}", async (string id, HttpContext context, RunSearch search, RunDeletion deletion, CancellationToken ct) =>
        {
            var run = await search.GetAsync(InstanceId.Parse(id), ct);
            await deletion.DeleteAsync([run.RunId], Caller.Actor(context), ct);
            return TypedResults.NoContent();
        });
        routes.MapPost("/bulk-actions/delete/workflow-instances/by-id", async (Request request, HttpContext context, RunDeletion deletion, CancellationToken ct) =>
        {
            if (request.Ids is not { Count: > 0 } ids)
                throw new DefinitionRefusedException("ids", "Name the runs to delete.");
            return TypedResults.Ok(new Answer(await deletion.DeleteAsync([.. ids.Select(InstanceId.Parse)], Caller.Actor(context), ct)));
        });
    }

    internal sealed record Request(IReadOnlyList<string>? Ids);

    internal sealed record Answer(int Deleted);
}
