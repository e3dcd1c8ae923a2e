namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Which events of a run a journal shows.</summary>
/// <param name="TaskIds">Only events of these tasks; null for all.</param>
/// <param name="WithRunEvents">Whether events of the run itself are shown, too.</param>
/// <param name="Kinds">Only these; null for all.</param>
public sealed record JournalFilter(IReadOnlyCollection<string>? TaskIds = null, bool WithRunEvents = true, IReadOnlyCollection<JournalKind>? Kinds = null);
