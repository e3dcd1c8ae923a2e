namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Somebody else saved or published a DAG while an editor had it open.</summary>
/// <param name="loaded">What the editor had loaded.</param>
/// <param name="latest">What is there now.</param>
/// <param name="by">Who made that.</param>
public sealed class DraftConflictException(string dagId, VersionId loaded, VersionId latest, string? by) : OrchestrationException(
    $"{dagId} was changed{(by is null ? "" : $" by {by}")} since you opened it: you have {loaded}, there is {latest} now. Nothing was saved. Reload to see that version; " +
    "copy what you changed first (Code View).")
{
    public VersionId Latest { get; } = latest;
}
