using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>What a column's values look like.</summary>
/// <param name="Pattern">The strptime pattern of its times or days; null for other types.</param>
/// <param name="DecimalComma">Whether its numbers have a comma before their fraction.</param>
/// <param name="Nulls">Texts in it that mean no value.</param>
internal sealed record InferredColumn(SourceColumn Column, string? Pattern, bool DecimalComma, IReadOnlyList<string> Nulls)
{
    /// <summary>What all of its whole numbers may count, by their size; null where they are no times.</summary>
    public EpochUnit? Epoch { get; init; }

    /// <summary>Its different values in the sample, where they are few; otherwise empty.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
