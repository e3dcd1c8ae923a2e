using System.Globalization;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Id of an execution record: an attempt, a task instance that was decided without one, or a group of a run.</summary>
internal readonly record struct ExecutionId(long? AttemptId = null, long? TaskInstanceId = null, long? RunId = null, string? Group = null)
{
    private const string AttemptPrefix = "attempt-";
    private const string InstancePrefix = "task-";
    private const string GroupPrefix = "group-";

    /// <exception cref="NotFoundException">The text is no such id.</exception>
    public static ExecutionId Parse(string text)
    {
        if (Number(text, AttemptPrefix) is { } attempt)
            return new ExecutionId(AttemptId: attempt);
        if (Number(text, InstancePrefix) is { } instance)
            return new ExecutionId(TaskInstanceId: instance);
        if (text.Split(':', 2) is [var run, var group] && Number(run, GroupPrefix) is { } runId)
            return new ExecutionId(RunId: runId, Group: group);
        throw new NotFoundException($"There is no activity execution '{text}'.");
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(AttemptId is { } attempt ? $"{AttemptPrefix}{attempt}" : TaskInstanceId is { } instance ? $"{InstancePrefix}{instance}" : $"{GroupPrefix}{RunId}:{Group}")}");

    private static long? Number(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
