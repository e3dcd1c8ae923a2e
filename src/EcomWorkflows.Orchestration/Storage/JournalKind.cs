namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A kind of event as journals tell them apart.</summary>
/// <param name="Kind">The event's kind, for example <c>task_state</c>.</param>
/// <param name="After">State it led to; empty where it has none.</param>
/// <param name="Cancelled">Whether it happened because somebody cancelled.</param>
public readonly record struct JournalKind(string Kind, string After, bool Cancelled = false);
