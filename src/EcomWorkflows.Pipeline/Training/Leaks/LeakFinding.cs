namespace EcomWorkflows.Pipeline.Training.Leaks;

/// <summary>A sign that a feature knows the outcome.</summary>
/// <param name="Sentinel">Which sentinel: <c>single_feature</c>, <c>time_gap</c> or <c>feature_time</c>.</param>
/// <param name="Column">The suspicious column.</param>
/// <param name="Value">What was measured: an AUC, a difference of AUCs, or a number of rows.</param>
/// <param name="Limit">What would have been accepted at most.</param>
/// <param name="Message">A sentence for people, which names the column and the figures.</param>
public sealed record LeakFinding(string Sentinel, string Column, double Value, double Limit, string Message);
