namespace EcomWorkflows.Orchestration.Planning;

/// <summary>How many upstream instances a task instance has, and how many of them ended how.</summary>
/// <param name="Total">N of the semantics' tables; the others count finished ones only.</param>
public readonly record struct UpstreamCounts(int Total, int Success, int Skipped, int Failed, int UpstreamFailed, int Removed)
{
    /// <summary>Finished upstreams.</summary>
    public int Done => Success + Skipped + Failed + UpstreamFailed + Removed;

    /// <summary>The counts after one more upstream has ended in <paramref name="state"/>; unfinished states add nothing.</summary>
    public UpstreamCounts With(TaskState state) => state switch
    {
        TaskState.Success => this with { Success = Success + 1 },
        TaskState.Skipped => this with { Skipped = Skipped + 1 },
        TaskState.Failed => this with { Failed = Failed + 1 },
        TaskState.UpstreamFailed => this with { UpstreamFailed = UpstreamFailed + 1 },
        TaskState.Removed => this with { Removed = Removed + 1 },
        _ => this,
    };
}
