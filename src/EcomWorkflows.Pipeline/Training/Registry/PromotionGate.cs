using System.Globalization;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>The rules by which a new version takes the champion's place. Pure: the same evidence gives the same decision.</summary>
public static class PromotionGate
{
    /// <summary>Every gate is tried, so that a refusal names all its reasons at once.</summary>
    public static PromotionDecision Decide(PromotionEvidence evidence, PromotionBudget budget)
    {
        GateCheck[] gates =
        [
            Holdout(evidence),
            NotWorse(evidence, budget),
            Calibration(evidence, budget),
            Slices(evidence, budget),
            Sentinels(evidence),
            SizeAndSpeed(evidence, budget),
            Dataset(evidence),
        ];
        GateCheck[] failed = [.. gates.Where(gate => !gate.Passed)];
        string compared = evidence switch
        {
            { ChampionVersion: null } => "It is the first version",
            { ChampionProblem: { } problem } => $"The champion v{evidence.ChampionVersion} cannot be used any more: {problem.TrimEnd('.')}",
            _ => gates[1].Passed ? $"Not worse: {gates[1].Detail}" : $"Worse, so the champion stays: {gates[1].Detail}",
        };
        GateCheck[] others = [.. failed.Where(gate => gate.Gate != gates[1].Gate)];
        string reason = others.Length == 0 ? $"{compared}." : $"{compared}. Refused by {string.Join("; ", others.Select(gate => $"{gate.Gate} ({gate.Detail})"))}.";
        return new PromotionDecision(failed.Length == 0, reason, gates, evidence);
    }

    private static GateCheck Holdout(PromotionEvidence evidence) => Check(
        "same_holdout", evidence.Challenger.Rows > 0,
        $"{evidence.Challenger.Rows:N0} test rows of the cutoff {evidence.HoldoutCutoff.UtcDateTime:yyyy-MM-dd}, sha256 {evidence.HoldoutSha256[..12]}, locked before the fit and used by both");

    private static GateCheck NotWorse(PromotionEvidence evidence, PromotionBudget budget)
    {
        if (evidence is not { Champion: { } champion, RocAucDifference: { } roc, PrAucDifference: { } pr })
            return Check("not_worse", true, $"no champion to compare with");

        bool passed = Acceptable(roc, budget.MetricMargin) && Acceptable(pr, budget.MetricMargin);
        return Check(
            "not_worse", passed,
            $"ROC-AUC {evidence.Challenger.RocAuc:F4} against {champion.RocAuc:F4} of the champion v{evidence.ChampionVersion} on the same {evidence.Challenger.Rows} test rows (paired difference {roc.Interval.Low:+0.0000;-0.0000} to {roc.Interval.High:+0.0000;-0.0000}), PR-AUC {evidence.Challenger.PrAuc:F4} against {champion.PrAuc:F4} ({pr.Interval.Low:+0.0000;-0.0000} to {pr.Interval.High:+0.0000;-0.0000}); a loss of {budget.MetricMargin} must be excluded");
    }

    // Newer data speaks for the challenger, so it need not be better; a real loss must be out of the question.
    private static bool Acceptable(PairedDifference difference, double margin) =>
        double.IsNaN(difference.Difference) || difference.Difference >= 0 || difference.Interval.Low > -margin;

    private static GateCheck Calibration(PromotionEvidence evidence, PromotionBudget budget)
    {
        if (evidence is not { Champion: { } champion, ChampionCalibrationError: { } before })
            return Check("calibration", true, $"Brier {evidence.Challenger.Brier:F4}, calibration error {evidence.ChallengerCalibrationError:F4}; no champion to compare with");
        bool passed = evidence.Challenger.Brier <= champion.Brier * budget.BrierFactor && evidence.ChallengerCalibrationError <= before + budget.CalibrationMargin;
        return Check(
            "calibration", passed,
            $"Brier {evidence.Challenger.Brier:F4} against {champion.Brier:F4} (allowed × {budget.BrierFactor}), calibration error {evidence.ChallengerCalibrationError:F4} against {before:F4} (allowed + {budget.CalibrationMargin})");
    }

    private static GateCheck Slices(PromotionEvidence evidence, PromotionBudget budget)
    {
        (SliceMetrics Now, SliceMetrics Before)[] pairs = [.. evidence.ChallengerSlices.Zip(evidence.ChampionSlices)];
        if (pairs.Length == 0)
            return Check("slices", true, $"{evidence.ChallengerSlices.Count} slices, no champion to compare with");
        (SliceMetrics Now, SliceMetrics Before) worst = pairs.MaxBy(pair => pair.Before.RocAuc - pair.Now.RocAuc - Allowed(pair.Now));
        return Check(
            "slices", !(worst.Before.RocAuc - worst.Now.RocAuc > Allowed(worst.Now)),
            $"the worst fall is on '{worst.Now.Slice}' ({worst.Now.Rows} rows): ROC-AUC {worst.Now.RocAuc:F4} against {worst.Before.RocAuc:F4} (allowed {Allowed(worst.Now):F3})");

        // Twice the standard error of a ROC-AUC, which is at most half of one by the root of the rows of the rarer label, is chance.
        double Allowed(SliceMetrics slice) => budget.SliceMargin + (1 / Math.Sqrt(slice.Rows * Math.Min(slice.BaseRate, 1 - slice.BaseRate)));
    }

    private static GateCheck Sentinels(PromotionEvidence evidence) => evidence.Leaks.Count == 0
        ? Check("leak_sentinels", true, $"silent")
        : Check("leak_sentinels", true, $"overridden by the DAG (onLeak: report): {string.Join("; ", evidence.Leaks.Select(leak => leak.Message))}");

    private static GateCheck SizeAndSpeed(PromotionEvidence evidence, PromotionBudget budget) => Check(
        "size_and_speed", evidence.ModelBytes <= budget.ModelBytes && evidence.MicrosecondsPerRow <= budget.MicrosecondsPerRow,
        $"{evidence.ModelBytes:N0} bytes (allowed {budget.ModelBytes:N0}), {evidence.MicrosecondsPerRow:F1} µs per row (allowed {budget.MicrosecondsPerRow})");

    private static GateCheck Dataset(PromotionEvidence evidence) => evidence.DatasetTag is { } tag
        ? Check("dataset_tag", true, $"{tag}, commit {evidence.DatasetCommit}")
        : Check("dataset_tag", !evidence.DatasetTagRequired, $"the training set has no tag in the dataset repository{(evidence.DatasetTagRequired ? "; run Ecom.VersionDatasets before training" : ", and none is required")}");

    private static GateCheck Check(string gate, bool passed, FormattableString detail) => new(gate, passed, detail.ToString(CultureInfo.InvariantCulture));
}
