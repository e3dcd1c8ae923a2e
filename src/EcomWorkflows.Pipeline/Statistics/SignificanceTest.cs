namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>A test's statistic and the probability of at least that when nothing has changed.</summary>
internal readonly record struct SignificanceTest(double Statistic, double PValue);
