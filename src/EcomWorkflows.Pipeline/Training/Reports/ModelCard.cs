using System.Globalization;
using System.Text;
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

            **Purpose.** Rank the customers of the source `{report.Lineage.Source}` by their risk to show no activity in the next {report.OutcomeDays} days.
            The source: {report.SourceDescription.TrimEnd('.')}.

            **Model.** {report.Chosen.Replace('_', ' ')}; {(report.Promotion.Promote ? "champion" : "not the champion")}. {report.Promotion.Reason}

            | | cutoff | customers | churned |
            |---|---|---|---|
            | training | {report.Lineage.TrainCutoff.UtcDateTime:yyyy-MM-dd} | {report.TrainRows} | {100.0 * report.TrainPositives / report.TrainRows:F1} % |
            | test (later in time) | {report.Lineage.TestCutoff.UtcDateTime:yyyy-MM-dd} | {test.Rows} | {100 * test.BaseRate:F1} % |

            | metric on the test customers | value | 95 % interval |
            |---|---|---|
            | ROC-AUC | {test.RocAuc:F4} | {test.RocAucInterval.Low:F4} – {test.RocAucInterval.High:F4} |
            | PR-AUC (chance: {test.BaseRate:F3}) | {test.PrAuc:F4} | {test.PrAucInterval.Low:F4} – {test.PrAucInterval.High:F4} |
            | F1 / precision / recall at threshold {test.Threshold:F3} | {test.F1:F3} / {test.Precision:F3} / {test.Recall:F3} | |
            | Brier score | {test.Brier:F4} | |
            | lift in the top 10 % | {test.LiftAt10Percent:F2} | |

            **Strongest drivers.** {string.Join(", ", report.Drivers.Take(5).Select(Sentence))}.

            **Data.** Feature view {report.Lineage.FeatureView}{(report.Lineage.FeatureViewVersion is { } version ? $" v{version}" : "")}; lake snapshot {report.Lineage.TrainingSnapshotId}{(report.Lineage.DatasetTag is { } tag ? $"; dataset tag {tag}" : "")}; run {report.Lineage.RunKey} of {report.Lineage.DagId}.

            **Limits.** The figures hold for customers like those of the test period; a change of assortment, prices or season can make them worse.
            A high risk does not say that an offer would help: keep a random group untreated and compare. Customers without activity before the cutoff are not scored.

            """);
        return card.ToString();
    }

    private static string Sentence(Driver driver) => $"{driver.Feature} (high values {(driver.Direction < 0 ? "lower" : "raise")} the risk)";
}
