namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Bounds of an instant; every part is optional.</summary>
/// <param name="From">Earliest instant that fits.</param>
/// <param name="Before">First instant that no longer fits.</param>
/// <param name="Except">Seconds that do not fit, as their first instants.</param>
public sealed record InstantFilter(DateTimeOffset? From = null, DateTimeOffset? Before = null, IReadOnlyList<DateTimeOffset>? Except = null);
