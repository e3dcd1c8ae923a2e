namespace EcomWorkflows.Pipeline.Features;

/// <summary>Outputs of <see cref="MaterializeFeaturesTask"/>.</summary>
/// <param name="NewRows">Rows added to the history: new ones, and known ones with other values.</param>
/// <param name="PushedRows">Of those, rows that had been pushed.</param>
/// <param name="RefusedRows">Rows of the source without an entity or a time.</param>
/// <param name="OnlineRows">Entities whose served values changed.</param>
/// <param name="Consistency">Share of sampled served values that equal the history; null where nothing is served.</param>
public sealed record MaterializeFeaturesOutputs(
    string View, int Version, long NewRows, long PushedRows, long RefusedRows, long OnlineRows, double? Consistency, long SnapshotId);
