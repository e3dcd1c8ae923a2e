using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>What a source delivered, in the lake.</summary>
internal sealed record Landing(IReadOnlyList<RawDelivery> Deliveries)
{
    /// <summary>Files of earlier runs that make the bronze table together with the new ones.</summary>
    public IReadOnlyList<LakeFile> EarlierBronze { get; init; } = [];

    public IReadOnlyList<LakeFile> EarlierRejects { get; init; } = [];

    /// <summary>How the delivery as a whole differs from what is declared, where that is warned of.</summary>
    public IReadOnlyList<string> Drift { get; init; } = [];

    /// <summary>Records how far the source was read, in the transaction that publishes the data; null where there is nothing to remember.</summary>
    public Func<PublishScope, LakeSnapshot, LakeSnapshot, CancellationToken, Task>? Remember { get; init; }
}
