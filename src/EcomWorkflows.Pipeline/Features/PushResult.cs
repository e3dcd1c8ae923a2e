namespace EcomWorkflows.Pipeline.Features;

/// <summary>What became of pushed rows.</summary>
/// <param name="Online">Rows that are now served; the others are older than what is served, or were not meant for it.</param>
/// <param name="Offline">Rows added to the history: of several of one entity and time the last.</param>
public sealed record PushResult(string View, int Version, long Rows, long Online, long Offline);
