using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Executions of activities: every attempt is one. By node, by id, with what led to them, and the badges.</summary>
internal static class GetExecutions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/activity-executions/list", async (string? workflowInstanceId, string? activityNodeId, InstanceViews views, ExecutionRecords records, CancellationToken ct) =>
            TypedResults.Ok(new CountedList<ExecutionRecord>(await ListAsync(workflowInstanceId, activityNodeId, views, records, ct))));
        routes.MapGet("/activity-execution-summaries/list", async (string? workflowInstanceId, string? activityNodeId, InstanceViews views, ExecutionRecords records, CancellationToken ct) =>
            TypedResults.Ok(new CountedList<ExecutionSummary>(await ListAsync(workflowInstanceId, activityNodeId, views, records, ct))));
        routes.MapGet("/activity-executions/by-id", async (string? id, InstanceViews views, ExecutionRecords records, CancellationToken ct) =>
            TypedResults.Ok(await GetAsync(Required("id", id), views, records, ct)));
        routes.MapGet("/activity-executions/{id}", async (string id, InstanceViews views, ExecutionRecords records, CancellationToken ct) =>
            TypedResults.Ok(await GetAsync(id, views, records, ct)));
        routes.MapGet("/activity-executions/{id}/call-stack", async (string id, InstanceViews views, ExecutionRecords records, CancellationToken ct) =>
        {
            var execution = ExecutionId.Parse(id);
            var stack = records.CallStack(await views.OfAsync(execution, ct), execution);
            return TypedResults.Ok(new Stack(id, stack, stack.Count));
        });
        routes.MapPost("/activity-executions/report", async (ReportRequest request, InstanceViews views, CancellationToken ct) =>
            TypedResults.Ok(Report(await views.WithoutAttemptsAsync(InstanceId.Parse(Required("workflowInstanceId", request.WorkflowInstanceId)), ct), request.ActivityNodeIds)));
    }

    /// <summary>The badges of the nodes asked for, of all nodes where none are named.</summary>
    public static ExecutionReport Report(InstanceView view, IReadOnlyCollection<string>? nodeIds) => new(
    [
        .. view.Nodes.All
            .Where(node => node != view.Nodes.Root && (nodeIds is null || nodeIds.Contains(node.NodeId)))
            .Select(node => NodeStats.Of(view, node))
            .OfType<NodeStat>(),
    ]);

    private static async Task<IReadOnlyList<ExecutionRecord>> ListAsync(
        string? instanceId, string? nodeId, InstanceViews views, ExecutionRecords records, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(Required("workflowInstanceId", instanceId), cancellationToken);
        if (string.IsNullOrEmpty(nodeId))
            return [.. view.Nodes.All.Where(n => n.TaskId is not null).SelectMany(n => records.Of(view, n)).OrderBy(r => r.StartedAt)];
        return view.Nodes.Find(nodeId) is { } node ? records.Of(view, node) : [];
    }

    private static async Task<ExecutionRecord> GetAsync(string id, InstanceViews views, ExecutionRecords records, CancellationToken cancellationToken)
    {
        var execution = ExecutionId.Parse(id);
        return records.Get(await views.OfAsync(execution, cancellationToken), execution);
    }

    private static string Required(string name, string? value) =>
        string.IsNullOrEmpty(value) ? throw new DefinitionRefusedException(name, $"{name} is missing.") : value;

    internal sealed record Stack(string ActivityExecutionId, IReadOnlyList<ExecutionRecord> Items, int TotalCount);

    internal sealed record ReportRequest(string? WorkflowInstanceId, IReadOnlyList<string>? ActivityNodeIds);
}
