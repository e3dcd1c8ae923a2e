using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A task instance as transitions see it.</summary>
internal sealed record InstanceRow
{
    /// <summary>Columns of everything <see cref="Counts"/> needs, of a table named <c>t</c>.</summary>
    public const string CountedColumns =
        """
        t.task_instance_id, t.run_id, t.task_id, t.map_index, t.state, t.is_derived, t.upstream_total, t.upstream_success, t.upstream_skipped, t.upstream_failed,
        t.upstream_blocked, t.upstream_removed, t.upstream_bypassed, t.open_gates, t.setup_total, t.setup_success, t.setup_skipped, t.setup_failed, t.setup_removed
        """;

    public long TaskInstanceId { get; init; }

    public long RunId { get; init; }

    public string TaskId { get; init; } = "";

    public int MapIndex { get; init; } = -1;

    public string State { get; init; } = "";

    public bool IsDerived { get; init; }

    public int UserTries { get; init; }

    public int InfraTries { get; init; }

    public long? AttemptId { get; init; }

    /// <summary>JSON of a <see cref="Planning.Routing"/>; null for a task that says nothing about the way on.</summary>
    public string? Routing { get; init; }

    public int UpstreamTotal { get; init; }

    public int UpstreamSuccess { get; init; }

    public int UpstreamSkipped { get; init; }

    public int UpstreamFailed { get; init; }

    public int UpstreamBlocked { get; init; }

    public int UpstreamRemoved { get; init; }

    public int UpstreamBypassed { get; init; }

    public int OpenGates { get; init; }

    public int SetupTotal { get; init; }

    public int SetupSuccess { get; init; }

    public int SetupSkipped { get; init; }

    public int SetupFailed { get; init; }

    public int SetupRemoved { get; init; }

    public InstanceKey Key => new(TaskId, MapIndex);

    public TaskState TaskState => StateNames.Parse<TaskState>(State);

    public InstanceFacts Facts => new(TaskState, IsDerived, RoutingJson.Read(Routing));

    public UpstreamCounts Counts =>
        new(UpstreamTotal, UpstreamSuccess, UpstreamSkipped, UpstreamFailed, UpstreamBlocked, UpstreamRemoved)
        {
            Bypassed = UpstreamBypassed,
            OpenGates = OpenGates,
            Setups = new SetupCounts(SetupTotal, SetupSuccess, SetupSkipped, SetupFailed, SetupRemoved),
        };
}
