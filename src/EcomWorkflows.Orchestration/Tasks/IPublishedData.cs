namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Knows what attempts have published; each owner of published data registers one, and the preview of a clear asks them all.</summary>
public interface IPublishedData
{
    Task<IReadOnlyList<PublishedData>> OfAsync(IReadOnlyCollection<long> attemptIds, CancellationToken cancellationToken);
}
