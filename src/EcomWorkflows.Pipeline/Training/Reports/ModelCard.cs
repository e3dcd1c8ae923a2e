using System.Globalization;
using System.Text;
using EcomWorkflows.Pipeline.Reporting;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>The model card: what a person must know before using the model, generated from what was measured.</summary>
internal static class ModelCard
{
    internal const string FileName = "model_card.md";

    internal static string Render(ModelReport report)
    {
        ModelMetrics test = report.ChosenCandidate.Test;
        var card = new StringBuilder();
        card.Append(CultureInfo.InvariantCulture, $"""
            # {report.ModelName}

            **Purpose.** {report.Purpose.Subject}. {report.Purpose.Definition} The model ranks {report.Purpose.Entities} by the probability of {report.Purpose.Outcome}.

            **Model.** {report.Chosen.Replace('_', ' ')}; {(report.Promotion.Promote ? "passed all gates" : "refused by the gates")}. {report.Promotion.Reason}

            | rows | cutoff | {report.Purpose.Entities} | {report.Purpose.Positive} |
            |---|---|---|---|
            | training | {string.Join(", ", report.Periods.Select(period => period.Cutoff.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))} | {report.TrainRows:N0} | {Share.Percent((double)report.TrainPositives / report.TrainRows)} |
            | test ({report.Purpose.TestRows}) | {report.Lineage.TestCutoff.UtcDateTime:yyyy-MM-dd} | {test.Rows:N0} | {Share.Percent(test.BaseRate)} |

            | metric on the test {report.Purpose.Entities} | value | 95 % interval |
            |---|---|---|
            | ROC-AUC | {test.RocAuc:F4} | {test.RocAucInterval.Low:F4} – {test.RocAucInterval.High:F4} |
            | PR-AUC (chance: {Share.Number(test.BaseRate)}) | {test.PrAuc:F4} | {test.PrAucInterval.Low:F4} – {test.PrAucInterval.High:F4} |
            | F1 / precision / recall at threshold {Share.Number(test.Threshold)} (chosen on training rows) | {test.F1:F3} / {test.Precision:F3} / {test.Recall:F3} | {Range(test.F1Interval)} |
            | Brier score | {Share.Number(test.Brier, digits: 4)} | {Range(test.BrierInterval)} |
            | calibration error | {test.CalibrationError:F4} | |
            | lift in the top 10 % | {test.LiftAt10Percent:F2} | {Range(test.LiftAt10PercentInterval)} |

            **Slices.** {Slices(report)}

            **Leaks.** {(report.Leaks.Count == 0 ? "All sentinels were silent." : $"NOT TO BE TRUSTED: {string.Join("; ", report.Leaks.Select(leak => leak.Message))}.")}

            **Gates.** {string.Join("; ", report.Promotion.Gates.Select(gate => $"{gate.Gate} {(gate.Passed ? "passed" : "FAILED")}"))}.

            **Strongest drivers.** {string.Join(", ", report.Drivers.Take(5).Select(Sentence))}.

            **Data.** Feature view {report.Lineage.FeatureView}{(report.Lineage.FeatureViewVersion is { } version ? $" v{version}" : "")}; lake snapshot {report.Lineage.TrainingSnapshotId}{(report.Lineage.DatasetTag is { } tag ? $"; dataset tag {tag}" : "")}; run {report.Lineage.RunKey} of {report.Lineage.DagId}.

            **Limits.** The figures hold for {report.Purpose.Entities} like those of the test period; a change of assortment, prices or season can make them worse.
            {report.Purpose.Limits}

            """);
        return card.ToString();
    }

    private static string Range(Interval? interval) =>
        interval is null ? "" : $"{Share.Number(interval.Low, digits: 4)} – {Share.Number(interval.High, digits: 4)}";

    private static string Slices(ModelReport report)
    {
        IReadOnlyList<SliceMetrics> slices = report.Promotion.Evidence.ChallengerSlices;
        if (slices.Count == 0)
            return "None is large enough to say anything.";
        (SliceMetrics best, SliceMetrics worst) = (slices.MaxBy(slice => slice.RocAuc)!, slices.MinBy(slice => slice.RocAuc)!);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"ROC-AUC from {worst.RocAuc:F3} ({worst.Slice}, {worst.Rows:N0} rows) to {best.RocAuc:F3} ({best.Slice}, {best.Rows:N0} rows) over {slices.Count} slices.");
    }

    private static string Sentence(Driver driver) => $"{driver.Feature} (high values {(driver.Direction < 0 ? "lower" : "raise")} it)";
}
