namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A pool and who uses it now; what runs is counted from live leases.</summary>
public sealed record PoolInfo
{
    public string Name { get; init; } = "";

    public int Slots { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Slots that running task instances hold.</summary>
    public int RunningSlots { get; init; }

    /// <summary>Slots that queued task instances ask for.</summary>
    public int QueuedSlots { get; init; }

    /// <summary>Slots nobody holds; negative where the pool was made smaller than what runs in it.</summary>
    public int OpenSlots => Slots - RunningSlots;
}
