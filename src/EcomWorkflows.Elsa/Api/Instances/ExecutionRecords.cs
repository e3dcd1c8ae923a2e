using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>The execution records of a run: one for every attempt, one for a task that was decided without any, one for a group that has begun.</summary>
internal sealed class ExecutionRecords(ActivityValues values)
{
    /// <summary>Records of a node, oldest first; empty where nothing has happened to it yet.</summary>
    public IReadOnlyList<ExecutionRecord> Of(InstanceView view, DagNode node) =>
    [
        .. Executions(view, node).OrderBy(e => e.StartedAt).ThenBy(e => e.Attempt?.AttemptId).Select(e => Record(view, new Step(node, e))),
    ];

    /// <exception cref="NotFoundException">The run has no such record.</exception>
    public ExecutionRecord Get(InstanceView view, ExecutionId id) => Record(view, Find(view, id));

    /// <summary>The record and those whose ends led to it, outermost first.</summary>
    public IReadOnlyList<ExecutionRecord> CallStack(InstanceView view, ExecutionId id)
    {
        var chain = Chain(view, Find(view, id));
        return [.. chain.Select((step, index) => Record(view, step, chain.ElementAtOrDefault(index + 1), chain.Count - 1 - index)).Reverse()];
    }

    /// <summary>An event from before the first attempt names the task instance: by now its newest execution stands for it, or that it waits for one.</summary>
    private static Execution? OfInstance(InstanceView view, ExecutionId id) =>
        view.Instances.FirstOrDefault(i => i.TaskInstanceId == id.TaskInstanceId) is { } instance
            ? Execution.OfInstance(instance, [.. view.Attempts[instance.TaskInstanceId]]).LastOrDefault() ?? Execution.OfWaiting(instance, view.Run)
            : null;

    private static bool MayHold(InstanceView view, DagNode node, ExecutionId id) =>
        id.Group is { } group
            ? node.Group == group
            : node.TaskId is { } taskId && view.ByTask[taskId].Any(i => i.TaskInstanceId == id.TaskInstanceId || view.Attempts[i.TaskInstanceId].Any(a => a.AttemptId == id.AttemptId));

    private static IEnumerable<Execution> Executions(InstanceView view, DagNode node)
    {
        if (node.Group is not null)
            return Execution.OfGroup(view, node) is { } group ? [group] : [];
        return view.Of(node).SelectMany(i => Execution.OfInstance(i, [.. view.Attempts[i.TaskInstanceId]]));
    }

    /// <exception cref="NotFoundException">The run has no such record.</exception>
    private static Step Find(InstanceView view, ExecutionId id)
    {
        foreach (var node in view.Nodes.All.Where(n => MayHold(view, n, id)))
        {
            if ((Executions(view, node).FirstOrDefault(e => e.Id == id) ?? OfInstance(view, id)) is { } execution)
                return new Step(node, execution);
        }
        throw new NotFoundException($"There is no activity execution '{id}'.");
    }

    private ExecutionRecord Record(InstanceView view, Step step)
    {
        var chain = Chain(view, step);
        return Record(view, step, chain.ElementAtOrDefault(1), chain.Count - 1);
    }

    private ExecutionRecord Record(InstanceView view, Step step, Step? scheduler, int depth)
    {
        var (node, execution) = step;
        var task = node.TaskId is { } taskId && view.Graph.Contains(taskId) ? view.Graph.Task(taskId) : null;
        return new ExecutionRecord
        {
            Id = execution.Id.ToString(),
            WorkflowInstanceId = InstanceId.Of(view.Run.RunId),
            ActivityId = node.ActivityId,
            ActivityNodeId = node.NodeId,
            ActivityType = node.Type,
            ActivityTypeVersion = node.TypeVersion,
            ActivityName = node.Name,
            Metadata = execution.HasRetryAttempts ? new JsonObject { ["HasRetryAttempts"] = true } : [],
            StartedAt = execution.StartedAt,
            HasBookmarks = execution.IsWaiting,
            Status = execution.Status,
            AggregateFaultCount = execution.Status == Execution.Faulted ? 1 : 0,
            CompletedAt = execution.EndedAt,
            SchedulingActivityExecutionId = scheduler?.Execution.Id.ToString(),
            SchedulingActivityId = scheduler?.Node.ActivityId,
            CallStackDepth = depth,
            ActivityState = task is null ? null : values.State(task),
            Payload = execution.Status == Execution.Completed ? new JsonObject { ["Outcomes"] = ActivityValues.Outcomes(execution.IsNewest ? execution.Instance?.Ports : null) } : null,
            Outputs = task is null ? null : values.Outputs(task, execution.Attempt?.Outputs),
            Properties = Properties(view, execution),
            Exception = execution.Attempt is { } attempt ? ExceptionState.Of(attempt) : null,
        };
    }

    private static JsonObject Properties(InstanceView view, Execution execution)
    {
        var properties = new JsonObject { ["State"] = execution.State };
        if (execution.Instance is not { } instance)
            return properties;
        if (instance.MapIndex >= 0)
            properties["MapIndex"] = instance.MapIndex;
        if (execution.Message is { } message)
            properties["Message"] = message;
        var page = $"/dags/{Uri.EscapeDataString(view.Run.DagId)}/runs/{Uri.EscapeDataString(view.Run.RunKey)}/tasks/{Uri.EscapeDataString(instance.TaskId)}";
        if (instance.MapIndex >= 0)
            page += $"?map={instance.MapIndex}";
        properties["Page"] = page;
        if (execution.Attempt is { } attempt)
        {
            properties["Try"] = attempt.TryNumber;
            properties["Node"] = attempt.NodeId.ToString();
            properties["Log"] = $"{page}{(instance.MapIndex >= 0 ? "&" : "?")}try={attempt.TryNumber}";
        }
        return properties;
    }

    /// <summary>A step and those that led to it, the nearest first.</summary>
    private static List<Step> Chain(InstanceView view, Step step)
    {
        var chain = new List<Step>();
        for (Step? next = step; next is not null; next = Scheduler(view, next))
            chain.Add(next);
        return chain;
    }

    /// <summary>Of the upstreams' executions that had ended when this one began, the last to end.</summary>
    private static Step? Scheduler(InstanceView view, Step step) =>
        step.Node.TaskId is { } taskId && view.Graph.Contains(taskId)
            ? view.Graph.Upstream(taskId)
                .Select(view.Nodes.OfTask)
                .SelectMany(upstream => Executions(view, upstream).Select(e => new Step(upstream, e)))
                .Where(s => s.Execution.EndedAt <= step.Execution.StartedAt)
                .MaxBy(s => s.Execution.EndedAt)
            : null;

    private sealed record Step(DagNode Node, Execution Execution);
}
