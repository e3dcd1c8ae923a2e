namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A pair of visitor and item with a prediction: where a walk can begin.</summary>
public sealed record PairRow(string Source, string Visitor, string Item, double Probability, DateTime AsOf);
