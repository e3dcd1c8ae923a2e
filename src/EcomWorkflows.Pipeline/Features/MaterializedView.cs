namespace EcomWorkflows.Pipeline.Features;

/// <summary>What one view brought online.</summary>
/// <param name="Entities">Entities with a row in the time asked for.</param>
/// <param name="Written">Of those, entities whose served values changed; the others were as new already.</param>
/// <param name="Consistency">Share of sampled served values that equal the history.</param>
public sealed record MaterializedView(string View, int Version, long Entities, long Written, double Consistency);
