using System.Globalization;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary><c>GET /resilience/retries/{activityExecutionId}</c>: the tries before an attempt that failed and were tried again.</summary>
internal static class GetRetries
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/resilience/retries/{executionId}", async (string executionId, InstanceViews views, CancellationToken ct) =>
        {
            var id = ExecutionId.Parse(executionId);
            var retries = Retries(await views.OfAsync(id, ct), id, executionId);
            return TypedResults.Ok(new InstancePage<Retry>(retries, retries.Count));
        });

    private static List<Retry> Retries(InstanceView view, ExecutionId id, string executionId)
    {
        var instance = view.Instances.FirstOrDefault(i => view.Attempts[i.TaskInstanceId].Any(a => a.AttemptId == id.AttemptId));
        if (instance is null)
            return [];
        var attempts = view.Attempts[instance.TaskInstanceId].TakeWhile(a => a.AttemptId <= id.AttemptId).ToList();
        return
        [
            .. attempts.Zip(attempts.Skip(1)).Where(pair => pair.First.State == "failed").Select(pair => new Retry(
                $"{executionId}:{pair.First.TryNumber.ToString(CultureInfo.InvariantCulture)}",
                executionId,
                view.Nodes.OfTask(instance.TaskId).ActivityId,
                InstanceId.Of(view.Run.RunId),
                pair.First.TryNumber,
                Delay(pair.First, pair.Second).ToString("c", CultureInfo.InvariantCulture),
                new JsonObject { ["Cause"] = pair.First.Cause ?? "", ["Message"] = pair.First.Message ?? "", ["EndedAt"] = pair.First.EndedAt?.ToString("O", CultureInfo.InvariantCulture) ?? "" })),
        ];
    }

    private static TimeSpan Delay(AttemptInfo failed, AttemptInfo next) =>
        failed.EndedAt is { } ended && next.StartedAt > ended ? TimeSpan.FromMilliseconds(Math.Round((next.StartedAt - ended).TotalMilliseconds)) : TimeSpan.Zero;

    /// <param name="RetryDelay">Wait before the next try, <c>hh:mm:ss</c>.</param>
    internal sealed record Retry(
        string Id, string ActivityInstanceId, string ActivityId, string WorkflowInstanceId, int AttemptNumber, string RetryDelay, JsonObject Details);
}
