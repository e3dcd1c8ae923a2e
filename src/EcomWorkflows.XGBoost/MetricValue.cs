namespace EcomWorkflows.XGBoost;

/// <summary>One metric of one data set after one boosting round.</summary>
public sealed record MetricValue(string Data, string Metric, double Value);
