namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a clear or mark does, or would do, to one run.</summary>
/// <param name="Cleared">Tasks that will run again (or are marked), upstreams first.</param>
/// <param name="Rederived">Tasks whose <c>upstream_failed</c> or rule-made <c>skipped</c> is decided anew because of it.</param>
/// <param name="IsDryRun">Whether nothing was changed.</param>
public sealed record ClearPreview(long RunId, IReadOnlyList<string> Cleared, IReadOnlyList<string> Rederived, bool IsDryRun)
{
    public string RunKey { get; init; } = "";

    public DateTimeOffset LogicalDate { get; init; }

    /// <summary>The run's generation before the change; a request that carries it is refused once it is another.</summary>
    public int Generation { get; init; }

    /// <summary>The version the run has, or will have.</summary>
    public int DagVersion { get; init; }

    /// <summary>The instances of <see cref="Cleared"/>, upstreams first.</summary>
    public IReadOnlyList<ChangedInstance> Instances { get; init; } = [];

    /// <summary>Tasks the newer version adds to the run.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Tasks the newer version does not have any more; their instances become <c>removed</c>, their history stays.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];
}
