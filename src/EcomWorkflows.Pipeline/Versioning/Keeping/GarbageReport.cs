namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>What a collection of garbage removed, or would remove.</summary>
/// <param name="Needed">Contents that versions need.</param>
/// <param name="Young">Contents nothing needs yet, too young to go.</param>
public sealed record GarbageReport(bool DryRun, IReadOnlyList<GarbageFile> Files, int Needed, int Young)
{
    public long Bytes => Files.Sum(f => f.Bytes);
}
