namespace EcomWorkflows.Pipeline.Features;

/// <summary>A number an on-demand view takes from the request.</summary>
public sealed record RequestField(string Name, string Description);
