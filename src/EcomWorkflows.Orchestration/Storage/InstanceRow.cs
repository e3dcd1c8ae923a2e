using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A task instance as transitions see it.</summary>
internal sealed record InstanceRow
{
    public long TaskInstanceId { get; init; }

    public long RunId { get; init; }

    public string TaskId { get; init; } = "";

    public string State { get; init; } = "";

    public bool IsDerived { get; init; }

    public int UserTries { get; init; }

    public int InfraTries { get; init; }

    public long? AttemptId { get; init; }

    public int UpstreamTotal { get; init; }

    public int UpstreamSuccess { get; init; }

    public int UpstreamSkipped { get; init; }

    public int UpstreamFailed { get; init; }

    public int UpstreamBlocked { get; init; }

    public int UpstreamRemoved { get; init; }

    public TaskState TaskState => StateNames.Parse<TaskState>(State);

    public UpstreamCounts Counts =>
        new(UpstreamTotal, UpstreamSuccess, UpstreamSkipped, UpstreamFailed, UpstreamBlocked, UpstreamRemoved);
}
