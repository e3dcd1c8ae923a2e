namespace EcomWorkflows.Pipeline.Ingestion.Retention;

/// <summary>Somebody who needs raw files later on; what it holds is not dropped unless one insists.</summary>
public interface IRawFileHolder
{
    /// <summary>Who needs each of these files, for people; those nobody needs are left out.</summary>
    Task<IReadOnlyDictionary<string, string>> HeldAsync(IReadOnlyCollection<string> sha256, CancellationToken cancellationToken);
}
