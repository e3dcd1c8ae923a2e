namespace EcomWorkflows.Orchestration.Storage;

/// <summary>An asset with who writes it, who reads it and which DAGs wait for it.</summary>
public sealed record AssetInfo
{
    public long AssetId { get; init; }

    public string Name { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Number and time of the newest event; null where there was none.</summary>
    public long? LastEventId { get; init; }

    public DateTimeOffset? LastEventAt { get; init; }

    public long? LastRowCount { get; init; }

    /// <summary>Tasks that write it, tasks that read it, and DAGs that are scheduled on it.</summary>
    public IReadOnlyList<AssetUse> Uses { get; init; } = [];
}
