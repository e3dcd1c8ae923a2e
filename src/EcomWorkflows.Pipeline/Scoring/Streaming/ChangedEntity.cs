namespace EcomWorkflows.Pipeline.Scoring.Streaming;

/// <summary>An entity whose features changed since it was scored last.</summary>
/// <param name="FeatureTimestamp">The oldest time one of its features belongs to.</param>
/// <param name="Hash">Of the stored values.</param>
/// <param name="Values">In the model's order; NaN where a value is not known.</param>
internal sealed record ChangedEntity(string Key, DateTimeOffset FeatureTimestamp, string Hash, float[] Values);
