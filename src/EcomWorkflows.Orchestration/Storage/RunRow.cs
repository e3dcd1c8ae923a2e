namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a transition needs to know of the run it has locked.</summary>
internal sealed record RunRow
{
    public long RunId { get; init; }

    public string DagId { get; init; } = "";

    public int DagVersion { get; init; }

    public string State { get; init; } = "";

    /// <summary>Unfinished instances when the run was locked; null where they may have changed since.</summary>
    public int? Unfinished { get; init; }
}
