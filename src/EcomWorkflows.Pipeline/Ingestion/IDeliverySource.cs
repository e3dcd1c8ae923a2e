using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Fetches what one kind of source has, and keeps it in the lake as it came.</summary>
internal interface IDeliverySource
{
    /// <exception cref="TaskFailedException">The source cannot be reached, refuses, or is declared wrongly; the message says what to do.</exception>
    Task<Landing> LandAsync(IngestRequest request, CancellationToken cancellationToken);
}
