namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>What was found in a view's source.</summary>
/// <param name="Added">Rows written: new, corrected and pushed.</param>
/// <param name="Refused">Rows without an entity or a time.</param>
internal sealed record WrittenRows(long Added, long Pushed, long Refused, FeatureRows Statistics);
