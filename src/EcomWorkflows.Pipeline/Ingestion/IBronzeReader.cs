using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Drift;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Reads the records of one format.</summary>
internal interface IBronzeReader
{
    /// <summary>The columns a file has; null where it does not say.</summary>
    /// <exception cref="TaskFailedException">The file as a whole cannot be read; the message says what to do.</exception>
    FoundColumns? Probe(RawInput input, CancellationToken cancellationToken);

    /// <summary>Gives every record to the buffer, as a row or as a reject.</summary>
    /// <exception cref="TaskFailedException">The file as a whole cannot be read; the message says what to do.</exception>
    void Read(RawInput input, BronzeBuffer bronze, CancellationToken cancellationToken);
}
