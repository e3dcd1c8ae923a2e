using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary>
/// <c>PATCH /api/v2/dags/{dag_id}/dagRuns/{dag_run_id}</c>: <c>failed</c> cancels an active run, <c>queued</c> runs a finished one again from the start, <c>success</c>
/// marks everything that has not succeeded or was skipped; <c>note</c> writes a note.
/// </summary>
internal static class PatchDagRun
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/dags/{dag_id}/dagRuns/{dag_run_id}", HandleAsync).WithName("patch_dag_run").WithTags("DagRun")
            .WithSummary("Cancel a run (failed), run all of it again (queued), mark it (success), or write a note")
            .Produces<DagRunResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(
        [FromRoute(Name = "dag_id")] string dagId, [FromRoute(Name = "dag_run_id")] string runKey, Body body, HttpContext context,
        RunReader runs, RerunStore reruns, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(dagId, runKey, cancellationToken);
        var actor = Actors.Of(context, Actors.Api);
        switch (body.State)
        {
            case null when body.Note is not null:
                break;
            case "failed":
                if (!await reruns.CancelAsync(run.RunId, actor, cancellationToken))
                    return Problem.Conflict($"Run '{runKey}' has ended as {run.State}; only a queued or running one can be cancelled.");
                break;
            case "queued":
                if (run.State is not ("success" or "failed"))
                    return Problem.Conflict($"Run '{runKey}' is {run.State}; only a finished one can be run again.");
                await reruns.ClearAsync(run.RunId, new ClearSelection(OnlyFailed: false), dryRun: false, actor, cancellationToken);
                break;
            case "success":
                var open = (await runs.TaskInstancesAsync(run.RunId, cancellationToken)).Where(i => i.State is not ("success" or "skipped" or "removed")).ToList();
                if (open.Count > 0)
                {
                    var selection = new ClearSelection(null, OnlyFailed: false) { Instances = [.. open.Select(i => new InstanceKey(i.TaskId, i.MapIndex))] };
                    await reruns.MarkAsync(new RerunRequest(selection) { RunId = run.RunId }, TaskState.Success, dryRun: false, actor, cancellationToken);
                }
                break;
            default:
                throw new BadRequestException($"state is '{body.State}'; allowed: 'failed' (cancel), 'queued' (run again) and 'success' (mark); or note alone.");
        }
        if (body.Note is { } note)
            await reruns.NoteAsync(run.RunId, null, note, actor, cancellationToken);
        return TypedResults.Ok(DagRunResponse.From(await runs.GetAsync(run.RunId, cancellationToken)));
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Body([property: JsonPropertyName("state")] string? State, [property: JsonPropertyName("note")] string? Note);
}
