namespace EcomWorkflows.Pipeline.Lake;

/// <summary>What a sweep deleted, or in a dry run would have.</summary>
/// <param name="Snapshots">Snapshots that expired.</param>
/// <param name="InUse">Files that nothing names either, and that stay: somebody may still be about to publish them.</param>
public sealed record LakeGarbage(int Snapshots, IReadOnlyList<GarbageFile> Files, IReadOnlyList<GarbageFile> InUse);
