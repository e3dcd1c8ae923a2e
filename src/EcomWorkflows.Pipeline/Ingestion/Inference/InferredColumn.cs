using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>What a column's values look like.</summary>
/// <param name="Pattern">The strptime pattern of its times or days; null for other types.</param>
/// <param name="DecimalComma">Whether its numbers have a comma before their fraction.</param>
/// <param name="Nulls">Texts in it that mean no value.</param>
internal sealed record InferredColumn(SourceColumn Column, string? Pattern, bool DecimalComma, IReadOnlyList<string> Nulls)
{
    /// <summary>The pattern its days or times could as well have: day and month are not told apart by the sample. Null where they are.</summary>
    public string? OtherPattern { get; init; }

    /// <summary>Texts in a column of text that often mean no value, such as <c>NA</c>, and here may mean something.</summary>
    public IReadOnlyList<string> Lookalikes { get; init; } = [];

    /// <summary>Whether its numbers have a point before their fraction.</summary>
    public bool DecimalPoint { get; init; }

    /// <summary>What all of its whole numbers may count, by their size; null where they are no times.</summary>
    public EpochUnit? Epoch { get; init; }

    /// <summary>Its different values in the sample, where they are few; otherwise empty.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
