namespace EcomWorkflows.XGBoost;

/// <summary>Importance of one feature; <paramref name="Group"/> is the class for multi-class linear models, otherwise 0.</summary>
public sealed record FeatureScore(string Feature, int Group, float Score);
