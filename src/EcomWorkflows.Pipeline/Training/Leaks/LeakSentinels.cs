using System.Globalization;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Leaks;

/// <summary>Signs that features know the outcome. A figure that is too good is a defect until proved otherwise.</summary>
public static class LeakSentinels
{
    /// <summary>ROC-AUC above which a single feature is not believed.</summary>
    public const double SingleFeatureLimit = 0.95;

    /// <summary>By how much the ROC-AUC of a random split may exceed that of a split in time.</summary>
    public const double TimeGapLimit = 0.05;

    /// <summary>Features that alone tell the label apart, in training or in test rows.</summary>
    public static IReadOnlyList<LeakFinding> SingleFeatures(TrainingSet set) =>
    [
        .. SingleFeature.Rank(set.Train).Select(feature => (feature, "training"))
            .Concat(SingleFeature.Rank(set.Test).Select(feature => (feature, "test")))
            .Where(found => found.feature.RocAuc > SingleFeatureLimit)
            .DistinctBy(found => found.feature.Name)
            .Select(found => new LeakFinding(
                "single_feature", found.feature.Name, found.feature.RocAuc, SingleFeatureLimit,
                Sentence($"the feature '{found.feature.Name}' alone has ROC-AUC {found.feature.RocAuc:F4} on the {found.Item2} rows (at most {SingleFeatureLimit} is believed)"))),
    ];

    /// <summary>
    /// A model that ranks rows of its own period much better than rows of a later one has learned something of the period, often the outcome itself.
    /// Differences that chance alone explains (95 %) do not count. The column named is the one whose own AUC falls most.
    /// </summary>
    /// <param name="randomSplitAuc">ROC-AUC on training rows held out at random.</param>
    /// <param name="timeSplit">Figures on the later test rows.</param>
    public static LeakFinding? TimeGap(TrainingSet set, double randomSplitAuc, ModelMetrics timeSplit)
    {
        double gap = randomSplitAuc - timeSplit.RocAuc;
        double chance = 1.96 * Math.Sqrt(
            Variance(randomSplitAuc, set.Train.Positives, set.Train.Rows - set.Train.Positives) + Variance(timeSplit.RocAuc, timeSplit.Positives, timeSplit.Rows - timeSplit.Positives));
        if (!(gap > TimeGapLimit && gap > chance))
            return null;

        Dictionary<string, double> later = SingleFeature.Rank(set.Test).ToDictionary(feature => feature.Name, feature => feature.RocAuc);
        SingleFeature falls = SingleFeature.Rank(set.Train).MaxBy(feature => feature.RocAuc - later[feature.Name])!;
        return new LeakFinding(
            "time_gap", falls.Name, gap, TimeGapLimit,
            Sentence($"ROC-AUC is {randomSplitAuc:F4} on training rows held out at random but {timeSplit.RocAuc:F4} on the later test rows, a gap of {gap:F4} (at most {TimeGapLimit} is believed); '{falls.Name}' falls most by itself, from {falls.RocAuc:F4} to {later[falls.Name]:F4}"));
    }

    /// <exception cref="TaskFailedException">There is a finding and the policy is to stop.</exception>
    public static void Enforce(IReadOnlyList<LeakFinding> findings, LeakPolicy policy)
    {
        if (findings.Count == 0 || policy == LeakPolicy.Report)
            return;
        throw new TaskFailedException(
            $"A leak sentinel stopped the training: {string.Join("; ", findings.Select(finding => finding.Message))}. A feature must use only what was known before the cutoff. "
            + "Take the column out of the features or correct how it is made; to look at the model all the same, set onLeak to report.",
            FailureCause.BadData, retryable: false);
    }

    // Of an AUC (Hanley and McNeil, 1982).
    private static double Variance(double auc, long positives, long negatives)
    {
        if (positives == 0 || negatives == 0)
            return 0;
        double q1 = auc / (2 - auc);
        double q2 = 2 * auc * auc / (1 + auc);
        return ((auc * (1 - auc)) + ((positives - 1) * (q1 - (auc * auc))) + ((negatives - 1) * (q2 - (auc * auc)))) / ((double)positives * negatives);
    }

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
