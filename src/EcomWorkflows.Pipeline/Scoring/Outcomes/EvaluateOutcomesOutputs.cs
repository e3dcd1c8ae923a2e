namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>Outputs of <c>Ecom.EvaluateOutcomes</c>.</summary>
/// <param name="Evaluated">Scorings whose outcome window has closed since the last time.</param>
/// <param name="Open">Scorings whose window has not closed yet; nothing is said about them.</param>
/// <param name="RetentionLists">Retention lists whose uplift was measured.</param>
/// <param name="ChurnRate">Of the newest evaluated scoring; null where none was.</param>
/// <param name="RocAuc">Of the newest evaluated scoring.</param>
public sealed record EvaluateOutcomesOutputs(
    string Source, DateTimeOffset LabelEnd, int Evaluated, int Open, int RetentionLists, double? ChurnRate, double? RocAuc, IReadOnlyList<string> Problems);
