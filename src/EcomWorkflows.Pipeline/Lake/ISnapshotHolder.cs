namespace EcomWorkflows.Pipeline.Lake;

/// <summary>Somebody who reads old snapshots of lake tables later on; what it holds does not expire.</summary>
public interface ISnapshotHolder
{
    /// <summary>Ids of the snapshots that must stay.</summary>
    Task<IReadOnlyCollection<long>> HeldAsync(CancellationToken cancellationToken);
}
