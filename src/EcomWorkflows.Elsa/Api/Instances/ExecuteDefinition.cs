using System.Globalization;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>
/// Studio's Run button: a manual run of the DAG's published version, never of a draft. The answer comes at once; what cannot start is said by a header, which is where Studio looks.
/// </summary>
internal static class ExecuteDefinition
{
    public const string InstanceIdHeader = "x-elsa-workflow-instance-id";
    public const string CannotStartHeader = "x-elsa-workflow-cannot-start";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/workflow-definitions/{definitionId}/execute", HandleAsync);
        routes.MapPost("/workflow-definitions/{definitionId}/dispatch", HandleAsync);
    }

    private static async Task<IResult> HandleAsync(
        string definitionId, Request? request, HttpContext context, DagStore dags, ManualRuns manual, InstanceViews views, CancellationToken cancellationToken)
    {
        try
        {
            await RefuseAsync(definitionId, request, dags, cancellationToken);
            var run = await manual.TriggerAsync(definitionId, request?.Input, LogicalDate(request), Caller.Actor(context), cancellationToken);
            if (!run.IsNew)
                throw new OrchestrationException($"DAG '{definitionId}' already has a manual run of that logical date, {run.RunKey}.");
            var id = InstanceId.Of(run.RunId);
            context.Response.Headers[InstanceIdHeader] = id;
            context.Response.Headers[CannotStartHeader] = "false";
            return TypedResults.Ok(new Answer(id, InstanceState.From(await views.GetAsync(id, cancellationToken)), Problem: null));
        }
        catch (Exception refused) when (refused is OrchestrationException or NotFoundException)
        {
            context.Response.Headers[CannotStartHeader] = "true";
            return TypedResults.Ok(new Answer(WorkflowInstanceId: null, WorkflowState: null, refused.Message));
        }
    }

    private static async Task RefuseAsync(string dagId, Request? request, DagStore dags, CancellationToken cancellationToken)
    {
        var dag = await dags.GetAsync(dagId, cancellationToken);
        if (!dag.IsActive)
            throw new OrchestrationException($"DAG '{dagId}' is not active: its file is gone. Publish it again first.");
        if (int.TryParse(request?.VersionOptions, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version != dag.CurrentVersion)
            throw new OrchestrationException($"New runs are made of the published version, {dag.CurrentVersion}; version {version} cannot be started.");
        if (request?.TriggerActivityId is { Length: > 0 } start)
            throw new OrchestrationException($"A run starts at the tasks that depend on nothing, not at '{start}'.");
    }

    private static DateTimeOffset? LogicalDate(Request? request) =>
        request?.CorrelationId is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date
        : throw new OrchestrationException($"A run's correlation id is its logical date; '{text}' is no date and time. Write it as 2026-11-01T06:00:00Z, or leave it out for now.");

    internal sealed record Request(string? CorrelationId, string? TriggerActivityId, string? VersionOptions, JsonObject? Input);

    /// <param name="Problem">Why nothing was started.</param>
    internal sealed record Answer(string? WorkflowInstanceId, InstanceState? WorkflowState, string? Problem);
}
