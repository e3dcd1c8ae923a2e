using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>What a run is made of, as Elsa's workflow state; its lists and objects are never null.</summary>
internal sealed record InstanceState
{
    public required string Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string DefinitionVersionId { get; init; }

    public required int DefinitionVersion { get; init; }

    public required string CorrelationId { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public required string SubStatus { get; init; }

    public bool IsExecuting { get; init; }

    /// <summary>Always empty: what waits is seen at its execution record.</summary>
    public JsonArray Bookmarks { get; init; } = [];

    public required IReadOnlyList<InstanceIncident> Incidents { get; init; }

    public JsonObject? Fault { get; init; }

    public JsonArray CompletionCallbacks { get; init; } = [];

    public JsonArray ActivityExecutionContexts { get; init; } = [];

    /// <summary>The run's parameters.</summary>
    public required JsonObject Input { get; init; }

    /// <summary>Outputs of the tasks nothing depends on, by task id.</summary>
    public required JsonObject Output { get; init; }

    public required JsonObject Properties { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public static InstanceState From(InstanceView view)
    {
        var run = view.Run;
        return new InstanceState
        {
            Id = InstanceId.Of(run.RunId),
            DefinitionId = run.DagId,
            DefinitionVersionId = VersionId.Of(run.DagId, run.DagVersion),
            DefinitionVersion = run.DagVersion,
            CorrelationId = InstanceSummary.Correlation(run.LogicalDate),
            Name = run.RunKey,
            Status = InstanceStatus.Status(run.Situation),
            SubStatus = InstanceStatus.SubStatus(run.Situation),
            IsExecuting = run.State == "running",
            Incidents = [.. view.Instances.Where(i => i is { State: "failed", Cause: not "cancelled" }).Select(i => Incident(view, i))],
            Input = JsonNode.Parse(run.Params)!.AsObject(),
            Output = new JsonObject(view.Instances
                .Where(i => i.Outputs is not null && view.Graph.Contains(i.TaskId) && view.Graph.IsLeaf(i.TaskId))
                .GroupBy(i => i.TaskId)
                .Select(same => KeyValuePair.Create(same.Key, Outputs([.. same])))),
            Properties = new JsonObject
            {
                ["RunType"] = run.RunType,
                ["LogicalDate"] = run.LogicalDate,
                ["DataIntervalStart"] = run.DataIntervalStart,
                ["DataIntervalEnd"] = run.DataIntervalEnd,
                ["CreatedBy"] = run.CreatedBy,
                ["Message"] = run.Message,
                ["Note"] = run.Note,
            },
            CreatedAt = run.CreatedAt,
            UpdatedAt = run.UpdatedAt,
            FinishedAt = run.EndedAt,
        };
    }

    private static JsonNode? Outputs(IReadOnlyList<TaskInstanceInfo> instances) =>
        instances is [{ MapIndex: < 0 } single]
            ? JsonNode.Parse(single.Outputs!)
            : new JsonArray([.. instances.OrderBy(i => i.MapIndex).Select(i => JsonNode.Parse(i.Outputs!))]);

    private static InstanceIncident Incident(InstanceView view, TaskInstanceInfo instance)
    {
        var node = view.Nodes.OfTask(instance.TaskId);
        var attempt = view.Attempts[instance.TaskInstanceId].LastOrDefault();
        var message = instance.Message ?? attempt?.Message ?? "The task failed and gave no message.";
        return new InstanceIncident(
            node.ActivityId, node.NodeId, attempt is null ? null : new ExecutionId(AttemptId: attempt.AttemptId).ToString(), node.Type, message,
            ExceptionState.Create(instance.Cause, message, attempt?.Exception), instance.EndedAt ?? view.Run.UpdatedAt);
    }
}
