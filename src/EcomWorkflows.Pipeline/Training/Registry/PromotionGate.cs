using System.Globalization;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>The rule by which a new version takes the champion's place.</summary>
public static class PromotionGate
{
    public static PromotionDecision FirstVersion(ModelMetrics challenger) =>
        new(true, "It is the first version.", challenger, null, null);

    /// <summary>The champion cannot predict the new test rows, so it could not score today's customers either.</summary>
    public static PromotionDecision ChampionUnusable(ModelMetrics challenger, int championVersion, string problem) =>
        new(true, $"The champion v{championVersion} cannot be used any more: {problem}", challenger, championVersion, null);

    /// <summary>On the same test rows the challenger must rank at least as well (ROC-AUC).</summary>
    public static PromotionDecision Compare(ModelMetrics challenger, int championVersion, ModelMetrics champion)
    {
        bool promote = challenger.RocAuc >= champion.RocAuc || double.IsNaN(champion.RocAuc);
        string comparison = string.Create(
            CultureInfo.InvariantCulture,
            $"ROC-AUC {challenger.RocAuc:F4} against {champion.RocAuc:F4} of the champion v{championVersion} on the same {challenger.Rows} test customers");
        return new PromotionDecision(promote, promote ? $"Not worse: {comparison}." : $"Worse, so the champion stays: {comparison}.", challenger, championVersion, champion);
    }
}
