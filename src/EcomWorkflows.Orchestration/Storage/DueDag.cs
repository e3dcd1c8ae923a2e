using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A DAG whose time has come, its schedule row locked.</summary>
internal sealed record DueDag
{
    public string DagId { get; init; } = "";

    public int CurrentVersion { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EffectiveFrom { get; init; }

    public DateTimeOffset? LastStart { get; init; }

    public DateTimeOffset? LastEnd { get; init; }

    /// <summary>Queued and running runs, those of backfills not counted.</summary>
    public int ActiveRuns { get; init; }

    public SlotCursor Cursor => new(CreatedAt, EffectiveFrom, LastStart is { } start && LastEnd is { } end ? new DataInterval(start, end) : null);
}
