namespace EcomWorkflows.Pipeline.Lake;

/// <summary>What a sweep deleted, or in a dry run would have.</summary>
/// <param name="Snapshots">Snapshots that expired.</param>
public sealed record LakeGarbage(int Snapshots, IReadOnlyList<GarbageFile> Files);
