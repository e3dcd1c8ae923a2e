using System.Globalization;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Writes events of a run as lines of Elsa's journal.</summary>
internal sealed class JournalRecords(ActivityValues values)
{
    public JournalRecord From(JournalEntry entry, FoundRun run, RunGraph graph, DagNodes nodes)
    {
        var node = entry.TaskId is { } taskId ? nodes.OfTask(taskId) : nodes.Root;
        var name = JournalNames.Of(entry.What);
        return new JournalRecord(
            entry.EventId.ToString(CultureInfo.InvariantCulture),
            ExecutionOf(entry, run).ToString(),
            entry.TaskId is null ? null : new ExecutionId(RunId: run.RunId, Group: nodes.ParentOf(entry.TaskId).Group).ToString(),
            node.ActivityId,
            node.Type,
            node.TypeVersion,
            node.Name,
            node.NodeId,
            entry.OccurredAt,
            entry.EventId,
            name,
            Message(entry),
            entry.Actor,
            name == "Started" && entry.TaskId is { } started && graph.Contains(started) ? values.State(graph.Task(started)) : null,
            Payload(entry, name));
    }

    private static ExecutionId ExecutionOf(JournalEntry entry, FoundRun run) =>
        entry.AttemptId is { } attempt ? new ExecutionId(AttemptId: attempt)
        : entry.TaskInstanceId is { } instance ? new ExecutionId(TaskInstanceId: instance)
        : new ExecutionId(RunId: run.RunId, Group: "");

    private static string? Message(JournalEntry entry) =>
        Details(entry)?.Text("message") ?? (entry.TaskId is null && entry.StateBefore is { } before && entry.StateAfter is { } after ? $"{before} → {after}" : null);

    private static JsonObject Payload(JournalEntry entry, string name)
    {
        var payload = new JsonObject { ["By"] = entry.Actor };
        if (name == "Completed")
            payload["Outcomes"] = ActivityValues.Outcomes(entry.Ports);
        if (entry.TryNumber is { } tries)
            payload["Try"] = tries;
        if (entry.MapIndex is >= 0 and var index)
            payload["MapIndex"] = index;
        if (entry is { StateBefore: { } before, StateAfter: { } after })
            payload["State"] = $"{before} → {after}";
        foreach (var (key, value) in Details(entry) ?? [])
            payload[char.ToUpper(key[0], CultureInfo.InvariantCulture) + key[1..]] = value?.DeepClone();
        if (name is "Faulted" or "Retrying" && entry.Exception is { } exception)
            payload["Exception"] = exception;
        return payload;
    }

    private static JsonObject? Details(JournalEntry entry) => entry.Details is { } details ? JsonNode.Parse(details) as JsonObject : null;
}
