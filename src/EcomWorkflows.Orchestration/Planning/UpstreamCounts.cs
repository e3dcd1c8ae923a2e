namespace EcomWorkflows.Orchestration.Planning;

/// <summary>How many upstream instances a task instance has, and how many of them ended how.</summary>
/// <param name="Total">N of the semantics' tables; the others count finished ones only.</param>
public readonly record struct UpstreamCounts(int Total, int Success, int Skipped, int Failed, int UpstreamFailed, int Removed)
{
    /// <summary>Of the skipped ones: those a branch went past.</summary>
    public int Bypassed { get; init; }

    /// <summary>Branches and short circuits above that have not spoken yet and might skip the task.</summary>
    public int OpenGates { get; init; }

    /// <summary>The setups the task looks at: for a teardown its direct ones, for others those above its direct upstreams.</summary>
    public SetupCounts Setups { get; init; }

    /// <summary>Finished upstreams.</summary>
    public int Done => Success + Skipped + Failed + UpstreamFailed + Removed;

    /// <summary>The counts after one more upstream has ended in <paramref name="state"/>; unfinished states add nothing.</summary>
    public UpstreamCounts With(TaskState state, bool isBypassed = false) => state switch
    {
        TaskState.Success => this with { Success = Success + 1 },
        TaskState.Skipped => this with { Skipped = Skipped + 1, Bypassed = Bypassed + (isBypassed ? 1 : 0) },
        TaskState.Failed => this with { Failed = Failed + 1 },
        TaskState.UpstreamFailed => this with { UpstreamFailed = UpstreamFailed + 1 },
        TaskState.Removed => this with { Removed = Removed + 1 },
        _ => this,
    };

    public static UpstreamCounts operator +(UpstreamCounts a, UpstreamCounts b) =>
        new(a.Total + b.Total, a.Success + b.Success, a.Skipped + b.Skipped, a.Failed + b.Failed, a.UpstreamFailed + b.UpstreamFailed, a.Removed + b.Removed)
        {
            Bypassed = a.Bypassed + b.Bypassed,
            OpenGates = a.OpenGates + b.OpenGates,
            Setups = a.Setups + b.Setups,
        };

    public static UpstreamCounts operator -(UpstreamCounts a, UpstreamCounts b) =>
        new(a.Total - b.Total, a.Success - b.Success, a.Skipped - b.Skipped, a.Failed - b.Failed, a.UpstreamFailed - b.UpstreamFailed, a.Removed - b.Removed)
        {
            Bypassed = a.Bypassed - b.Bypassed,
            OpenGates = a.OpenGates - b.OpenGates,
            Setups = a.Setups - b.Setups,
        };
}
