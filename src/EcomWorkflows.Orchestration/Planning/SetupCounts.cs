namespace EcomWorkflows.Orchestration.Planning;

/// <summary>How many setup instances a task looks at, and how many of them ended how.</summary>
/// <param name="Failed">Failed or upstream_failed.</param>
public readonly record struct SetupCounts(int Total, int Success, int Skipped, int Failed, int Removed)
{
    public int Done => Success + Skipped + Failed + Removed;

    /// <summary>The counts after one more setup has ended; unfinished states add nothing.</summary>
    public SetupCounts With(TaskState state) => state switch
    {
        TaskState.Success => this with { Success = Success + 1 },
        TaskState.Skipped => this with { Skipped = Skipped + 1 },
        TaskState.Failed or TaskState.UpstreamFailed => this with { Failed = Failed + 1 },
        TaskState.Removed => this with { Removed = Removed + 1 },
        _ => this,
    };

    public static SetupCounts operator +(SetupCounts a, SetupCounts b) =>
        new(a.Total + b.Total, a.Success + b.Success, a.Skipped + b.Skipped, a.Failed + b.Failed, a.Removed + b.Removed);

    public static SetupCounts operator -(SetupCounts a, SetupCounts b) =>
        new(a.Total - b.Total, a.Success - b.Success, a.Skipped - b.Skipped, a.Failed - b.Failed, a.Removed - b.Removed);
}
