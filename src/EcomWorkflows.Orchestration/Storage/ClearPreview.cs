namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a clear does, or would do.</summary>
/// <param name="Cleared">Tasks that will run again, upstreams first.</param>
/// <param name="Rederived">Tasks whose <c>upstream_failed</c> or rule-made <c>skipped</c> is decided anew because of it.</param>
/// <param name="IsDryRun">Whether nothing was changed.</param>
public sealed record ClearPreview(long RunId, IReadOnlyList<string> Cleared, IReadOnlyList<string> Rederived, bool IsDryRun);
