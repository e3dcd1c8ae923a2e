namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A model version that was trained on something.</summary>
internal sealed record ModelUse(string Name, int Version);
