namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A customer with a prediction: where a walk can begin.</summary>
public sealed record CustomerRow(string Source, string Customer, double Probability, DateTime AsOf);
