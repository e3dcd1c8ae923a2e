namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>A name that stands for one version of a model and can be moved.</summary>
public sealed record ModelAlias(string Name, string Alias, int Version, DateTimeOffset SetAt);
