using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Publishing and taking back many DAGs at once.</summary>
internal static class BulkPublish
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/bulk-actions/publish/workflow-definitions/by-definition-ids", PublishAsync);
        routes.MapPost("/bulk-actions/retract/workflow-definitions/by-definition-ids", RetractAsync);
    }

    /// <summary>Every DAG is published that can be; the problems of the others are the answer where there are any.</summary>
    private static async Task<IResult> PublishAsync(HttpContext context, DefinitionWriter writer, CancellationToken ct)
    {
        var (published, alreadyPublished, notFound, problems) = (new List<string>(), new List<string>(), new List<string>(), new List<DagProblem>());
        foreach (var definitionId in await JsonBody.ReadListAsync(context.Request, "definitionIds", ct))
        {
            try
            {
                var (_, already) = await writer.PublishAsync(definitionId, context, ct);
                (already ? alreadyPublished : published).Add(definitionId);
            }
            catch (NotFoundException)
            {
                notFound.Add(definitionId);
            }
            catch (DefinitionRefusedException refused)
            {
                problems.AddRange(refused.Problems.Select(problem => problem with { Place = $"{definitionId}: {problem.Place}" }));
            }
        }
        return problems.Count > 0
            ? throw new DefinitionRefusedException(problems)
            : Results.Json(new { published, alreadyPublished, notFound, UpdatedConsumers = Array.Empty<string>() }, ElsaJson.Options);
    }

    private static async Task<IResult> RetractAsync(HttpContext context, DefinitionWriter writer, DagRemoval removal, CancellationToken ct)
    {
        writer.RequireEditor(context.User);
        var (retracted, alreadyRetracted, notFound) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var definitionId in await JsonBody.ReadListAsync(context.Request, "definitionIds", ct))
        {
            try
            {
                (await removal.RetractAsync(definitionId, Caller.Actor(context), ct) ? retracted : alreadyRetracted).Add(definitionId);
            }
            catch (NotFoundException)
            {
                notFound.Add(definitionId);
            }
        }
        return Results.Json(new { retracted, alreadyRetracted, notFound }, ElsaJson.Options);
    }
}
