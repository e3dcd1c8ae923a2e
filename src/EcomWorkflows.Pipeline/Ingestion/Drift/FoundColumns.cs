namespace EcomWorkflows.Pipeline.Ingestion.Drift;

/// <summary>The columns a delivery has.</summary>
/// <param name="Place">Where that stands, for messages: <c>rows.csv line 1: the header</c>.</param>
/// <param name="Names">In their order.</param>
/// <param name="Shown">The same as it was written.</param>
/// <param name="HasOrder">Whether the order is part of the schema; members of JSON have none.</param>
internal sealed record FoundColumns(string Place, IReadOnlyList<string> Names, string Shown, bool HasOrder)
{
    /// <summary>Types by name, where the delivery says them.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns among the names that are there at first and no more from some place on: <c>not after line 1000</c>.</summary>
    public IReadOnlyDictionary<string, string> Gone { get; init; } = new Dictionary<string, string>();

    /// <summary>Since when a column is there, where it is not there from the start: <c>since line 17</c>.</summary>
    public IReadOnlyDictionary<string, string> Since { get; init; } = new Dictionary<string, string>();
}
