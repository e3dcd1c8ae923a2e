using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Inputs of <see cref="IngestTask"/>.</summary>
public sealed record IngestInputs
{
    [TaskInput("Source mapping: the name of a file in workflows/sources, without .json.", OptionsFrom = "sources", UiHint = "dropdown")]
    public required string Source { get; init; }

    [TaskInput("Entity of the source, for example events, products, customers.", OptionsFrom = "entities", UiHint = "dropdown")]
    public required string Entity { get; init; }

    [TaskInput("File to read where the source's location says {file}; plain or gzip.")]
    public string File { get; init; } = "";
}
