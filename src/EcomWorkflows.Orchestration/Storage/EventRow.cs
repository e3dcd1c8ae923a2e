namespace EcomWorkflows.Orchestration.Storage;

/// <summary>One row of the append-only event log, before it is written.</summary>
/// <param name="Kind">What happened, for example <c>task_state</c>, <c>run_state</c>, <c>publish</c>, <c>clear</c>.</param>
/// <param name="Actor">The user, node or service that did it.</param>
internal sealed record EventRow(string Kind, string Actor)
{
    public string? DagId { get; init; }

    public long? RunId { get; init; }

    public long? TaskInstanceId { get; init; }

    public long? AttemptId { get; init; }

    public string? TaskId { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public string? Details { get; init; }
}
