namespace EcomWorkflows.Pipeline.Features;

/// <summary>One feature over all entities of a request.</summary>
/// <param name="Values">Of the feature's type; null where the status is not <see cref="FeatureStatus.Present"/>.</param>
/// <param name="EventTimestamps">As-of time of each value; the Unix epoch where the entity is not known, and for values computed on demand.</param>
public sealed record OnlineFeatureColumn(
    string Name, object?[] Values, FeatureStatus[] Statuses, DateTimeOffset[] EventTimestamps);
