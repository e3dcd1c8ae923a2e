namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>One thing was made from, or with, another.</summary>
/// <param name="From">Id of what was made.</param>
/// <param name="To">Id of what it was made from.</param>
/// <param name="How">In words that follow the first and precede the second, for example <c>trained on</c>.</param>
public sealed record LineageEdge(string From, string To, string How);
