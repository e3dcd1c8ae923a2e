namespace EcomWorkflows.Pipeline.Validation.Replay;

/// <summary>What an earlier try of the same run has committed; its result goes when the next one's comes.</summary>
/// <param name="QuarantineBefore">Snapshot of the quarantine before the run's first try.</param>
/// <param name="FilesReread">Raw files read anew by this run until then.</param>
internal sealed record EarlierTry(long QuarantineBefore, int FilesReread);
