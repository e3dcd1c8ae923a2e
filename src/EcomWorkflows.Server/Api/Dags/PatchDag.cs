using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary><c>PATCH /api/v2/dags/{dag_id}</c></summary>
internal static class PatchDag
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/dags/{dag_id}", HandleAsync).WithName("patch_dag").WithTags("DAG").WithSummary("Pause or unpause a DAG")
            .Produces<DagResponse>().ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, Body body, HttpContext context, DagStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.IsPaused is not { } paused)
            throw new BadRequestException("Nothing to change: the body may set is_paused to true or false.");
        await store.SetPausedAsync(dagId, paused, Actors.Of(context, Actors.Api), cancellationToken);
        return TypedResults.Ok(await GetDag.ReadAsync(dagId, store, time, cancellationToken));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body([property: JsonPropertyName("is_paused")] bool? IsPaused);
}
