namespace EcomWorkflows.Pipeline.Features;

/// <summary>One feature over all entities of a request.</summary>
/// <param name="Values">Null where the status is not <see cref="FeatureStatus.Present"/>.</param>
/// <param name="EventTimestamps">As-of time of each value; the Unix epoch where the entity is not known.</param>
public sealed record OnlineFeatureColumn(
    string Name, double?[] Values, FeatureStatus[] Statuses, DateTimeOffset[] EventTimestamps);
