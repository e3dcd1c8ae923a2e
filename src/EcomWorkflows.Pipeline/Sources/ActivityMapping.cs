namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Which silver events count as a customer being active.</summary>
/// <param name="EventTypes">Values of <c>silver.events.event_type</c>; empty means every event.</param>
public sealed record ActivityMapping(IReadOnlyList<string> EventTypes);
