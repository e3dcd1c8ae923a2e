namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What came of a wish for a new run.</summary>
/// <param name="IsNew">False where a run of that name, or a scheduled one of that date, existed already: a tick that fires twice makes one run.</param>
public sealed record RunCreation(long RunId, string RunKey, bool IsNew);
