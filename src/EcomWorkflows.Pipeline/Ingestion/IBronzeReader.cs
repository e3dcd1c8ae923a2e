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

    /// <summary>Finds records again as they were delivered, by the line each begins on.</summary>
    /// <param name="lines">Ascending, each once. Of a line on which no record begins nothing is said, and nothing where records are no text.</param>
    /// <exception cref="TaskFailedException">The file as a whole cannot be read; the message says what to do.</exception>
    IEnumerable<(long Line, string Text)> Find(RawInput input, IReadOnlyList<long> lines, CancellationToken cancellationToken);
}
