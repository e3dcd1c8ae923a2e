using System.Globalization;
using System.Net;
using System.Text;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Search;

namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>The model report as one self-contained HTML page.</summary>
internal static class ModelReportPage
{
    internal const string FileName = "report.html";

    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; color: #1c2733; max-width: 1280px; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #d5dce3; padding-bottom: .2rem; }
        table { border-collapse: collapse; margin: .6rem 0; } th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #e6ebf0; vertical-align: top; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } td.n { white-space: nowrap; } td small { color: #4a5763; } .chosen td { font-weight: 600; }
        .charts { display: flex; flex-wrap: wrap; gap: 1.5rem; } figure { margin: 0; } figcaption { font-weight: 600; }
        svg text { font: 12px system-ui, sans-serif; fill: #1c2733; } svg .grid { stroke: #e6ebf0; } svg .reference { stroke: #8a97a5; stroke-dasharray: 3 4; }
        svg { max-width: 100%; height: auto; } @media (max-width: 800px) { table { display: block; overflow-x: auto; } } a { color: #0b5fa5; }
        .note { color: #4a5763; } .wide { overflow-x: auto; } .warning { border-left: 4px solid #b91c1c; background: #fef2f2; padding: .5rem .8rem; } code { font-size: .92em; }
        """;

    internal static string Render(ModelReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Html(report.ModelName)}: model report</title><style>{Style}</style></head>
            <body>
            <h1>Model report: {Html(report.ModelName)}</h1>
            {Warning(report)}
            <p>{Html(report.Purpose.Subject)}. <a href="/models">All models</a> · run <a href="/dags/{Uri.EscapeDataString(report.Lineage.DagId)}/runs/{Uri.EscapeDataString(report.Lineage.RunKey)}">{Html(report.Lineage.RunKey)}</a> of {Html(report.Lineage.DagId)}, {report.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.
            Registered: <strong>{Html(Words(report.Chosen))}</strong>. {(report.Promotion.Promote ? "It passed all gates." : "The gates refused it.")} {Html(report.Promotion.Reason)}</p>
            """);
        Protocol(page, report);
        Metrics(page, report);
        Charts(page, report);
        Profit(page, report);
        Slices(page, report);
        Drivers(page, report);
        Gates(page, report);
        Searches(page, report);
        Settings(page, report);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Protocol(StringBuilder page, ModelReport report)
    {
        ModelMetrics test = report.ChosenCandidate.Test;
        page.Append(CultureInfo.InvariantCulture, $"""
            <h2>What was asked, and how it was tested</h2>
            <p>{Html(report.Purpose.Definition)} Features use only what happened before the cutoff.</p>
            <table>
            <tr><th></th><th>Cutoff</th><th>Outcome window</th><th class="n">{Html(report.Purpose.Entities)}</th><th class="n">{Html(report.Purpose.Positive)}</th></tr>
            <tr><td>Training</td><td>{string.Join(", ", report.Periods.Select(period => period.Cutoff.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))}</td><td>to {report.Lineage.TrainCutoff.AddDays(report.OutcomeDays).UtcDateTime:yyyy-MM-dd}</td><td class="n">{report.TrainRows:N0}</td><td class="n">{Share.Percent((double)report.TrainPositives / report.TrainRows)}</td></tr>
            <tr><td>Test</td><td>{report.Lineage.TestCutoff.UtcDateTime:yyyy-MM-dd}</td><td>to {report.Lineage.TestCutoff.AddDays(report.OutcomeDays).UtcDateTime:yyyy-MM-dd}</td><td class="n">{test.Rows:N0}</td><td class="n">{Share.Percent(test.BaseRate)}</td></tr>
            </table>
            <p class="note">The test cutoff lies after the training outcome window: the figures below are those of predicting the future, not of filling gaps in the past.
            {(report.ChosenCandidate.Protocol == FitProtocol.OutOfFold
                ? "Learner and threshold were chosen on out-of-fold predictions (five folds) for training rows."
                : "Learner and threshold were chosen on a fifth of the training rows that was held out of the fit.")} The test rows took no part in any choice.</p>
            """);
    }

    private static void Metrics(StringBuilder page, ModelReport report)
    {
        page.Append("""
            <h2>Figures on the test rows</h2>
            <div class="wide" tabindex="0" role="group" aria-label="Figures on the test rows">
            <table>
            <tr><th>Learner</th><th class="n">ROC-AUC (95 %)</th><th class="n">PR-AUC (95 %)</th><th class="n">F1</th><th class="n">Precision</th><th class="n">Recall</th><th class="n">Accuracy</th><th class="n">Brier (95 %)</th><th class="n">Calibration error</th><th class="n">Log loss</th><th class="n">Lift 5/10/20 %</th><th class="n">Recall 5/10/20 %</th><th class="n">Threshold</th><th class="n">Training ROC-AUC</th><th class="n">Fit</th></tr>
            """);
        foreach (CandidateReport candidate in report.Candidates)
        {
            ModelMetrics m = candidate.Test;
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr{(candidate.Learner == report.Chosen ? " class=\"chosen\"" : "")}><td>{Html(Words(candidate.Learner))}</td><td class="n">{m.RocAuc:F4}{Range(m.RocAucInterval)}</td><td class="n">{m.PrAuc:F4}{Range(m.PrAucInterval)}</td><td class="n">{m.F1:F3}{Range(m.F1Interval)}</td><td class="n">{m.Precision:F3}</td><td class="n">{m.Recall:F3}</td><td class="n">{m.Accuracy:F3}</td><td class="n">{m.Brier:F4}{Range(m.BrierInterval)}</td><td class="n">{m.CalibrationError:F4}</td><td class="n">{m.LogLoss:F4}</td><td class="n">{m.LiftAt5Percent:F2} / {m.LiftAt10Percent:F2} / {m.LiftAt20Percent:F2}</td><td class="n">{m.RecallAt5Percent:F3} / {m.RecallAt10Percent:F3} / {m.RecallAt20Percent:F3}</td><td class="n">{Share.Number(m.Threshold)}</td><td class="n">{candidate.ValidationRocAuc:F4}</td><td class="n">{candidate.FitTime.TotalSeconds:F1} s</td></tr>

                """);
        }

        SingleFeature best = report.SingleFeatures[0];
        page.Append(CultureInfo.InvariantCulture, $"""
            </table>
            </div>
            <p class="note">Chance is ROC-AUC 0.5 and PR-AUC {Share.Number(report.ChosenCandidate.Test.BaseRate)} (the base rate). The best single feature alone, <code>{Html(best.Name)}</code>, has ROC-AUC {best.RocAuc:F4}.</p>
            """);
    }

    private static void Charts(StringBuilder page, ModelReport report)
    {
        string roc = SvgCharts.UnitSquare(
            "ROC curves", "share of negatives flagged", "share of positives found",
            [.. report.Candidates.Select(c => new SvgCharts.Series(Words(c.Learner), [.. c.Roc.Select(p => (p.FalsePositiveRate, p.TruePositiveRate))]))],
            markers: false);
        string calibration = SvgCharts.UnitCorner(
            "Calibration by decile", "mean predicted probability", "observed share of positives",
            [.. report.Candidates.Select(c => new SvgCharts.Series(Words(c.Learner), [.. c.Calibration.Select(g => (g.MeanPredicted, g.ObservedRate))]))],
            markers: true);
        page.Append($"""
            <div class="charts">
            <figure><figcaption>ROC curves</figcaption>{roc}</figure>
            <figure><figcaption>Calibration by decile</figcaption>{calibration}</figure>
            </div>
            <table>
            <tr><th>Decile by predicted risk ({Html(Words(report.Chosen))})</th><th class="n">Rows</th><th class="n">Predicted</th><th class="n">Observed</th></tr>

            """);
        int decile = 0;
        foreach (Calibration.Group group in report.ChosenCandidate.Calibration)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{++decile}</td><td class="n">{group.Rows:N0}</td><td class="n">{Share.Number(group.MeanPredicted)}</td><td class="n">{Share.Number(group.ObservedRate)}</td></tr>

                """);
        }

        page.Append("</table>\n");
    }

    private static string Warning(ModelReport report) => report.Leaks.Count == 0 ? "" : $"""
        <p class="warning"><strong>These figures cannot be trusted.</strong> {Html(string.Join("; ", report.Leaks.Select(leak => leak.Message)))}. The DAG asked to go on all the same (onLeak: report).</p>
        """;

    private static void Profit(StringBuilder page, ModelReport report)
    {
        if (report.Profit is not { } curve)
            return;
        ProfitAssumptions a = curve.Assumptions;
        string chart = SvgCharts.OverShares(
            "Profit by share contacted", "share contacted, highest probability first", "cumulative profit",
            [new("expected", [.. curve.Points.Select(p => (p.Share, p.Expected))]), new("realised", [.. curve.Points.Select(p => (p.Share, p.Realised))])]);
        page.Append(CultureInfo.InvariantCulture, $"""
            <h2>Profit of acting on it</h2>
            <p>Assumed per contact: value of a kept customer {a.CustomerValue:0.##}, cost of the offer {a.OfferCost:0.##}, of contacting {a.ContactCost:0.##}; the offer keeps {100 * a.SaveRate:0.#} % of those who would leave,
            and {100 * a.StayerTakeRate:0.#} % of the others take it too. Contacting the {100 * curve.Best.Share:F1} % with the highest probability has the highest expected profit, {curve.Best.Expected:N0}; by what the test rows did it would have been {curve.Best.Realised:N0}.
            Contacting everybody: {curve.Points[^1].Realised:N0}.</p>
            <figure>{chart}</figure>

            """);
    }

    private static void Slices(StringBuilder page, ModelReport report)
    {
        IReadOnlyList<SliceMetrics> slices = report.Promotion.Evidence.ChallengerSlices;
        if (slices.Count == 0)
            return;
        page.Append("""
            <h2>Slices of the test rows</h2>
            <table>
            <tr><th>Slice</th><th class="n">Rows</th><th class="n">Base rate</th><th class="n">ROC-AUC</th><th class="n">PR-AUC</th><th class="n">F1</th><th class="n">Brier</th><th class="n">Calibration error</th></tr>

            """);
        foreach (SliceMetrics s in slices)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{Html(s.Slice)}</td><td class="n">{s.Rows:N0}</td><td class="n">{Share.Number(s.BaseRate)}</td><td class="n">{s.RocAuc:F4}</td><td class="n">{s.PrAuc:F4}</td><td class="n">{s.F1:F3}</td><td class="n">{s.Brier:F4}</td><td class="n">{s.CalibrationError:F4}</td></tr>

                """);
        }

        page.Append("</table>\n");
    }

    private static void Gates(StringBuilder page, ModelReport report)
    {
        page.Append("<h2>Promotion gates</h2>\n<table>\n<tr><th>Gate</th><th></th><th>Evidence</th></tr>\n");
        foreach (GateCheck gate in report.Promotion.Gates)
            page.Append($"<tr><td>{Html(gate.Gate)}</td><td>{(gate.Passed ? "✓ passed" : "✕ failed")}</td><td>{Html(gate.Detail)}</td></tr>\n");
        page.Append("</table>\n");
    }

    private static void Searches(StringBuilder page, ModelReport report)
    {
        foreach (SearchResult search in report.Searches)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <h2>Settings tried for {Html(Words(search.Learner))}</h2>
                <p class="note">Judged by mean ROC-AUC: {Html(string.Join("; ", search.Folds))}.</p>
                <table>
                <tr><th class="n">ROC-AUC</th><th>Settings</th></tr>

                """);
            foreach (SearchTrial trial in search.Trials.Take(10))
                page.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{trial.MeanRocAuc:F4}</td><td>{Html(string.Join(", ", trial.Parameters.Select(p => $"{p.Key}={p.Value}")))}</td></tr>\n");
            page.Append("</table>\n");
        }
    }

    private static string Range(Interval? interval) =>
        interval is null ? "" : string.Create(CultureInfo.InvariantCulture, $"<br><small>{interval.Low:F3}–{interval.High:F3}</small>");

    private static void Drivers(StringBuilder page, ModelReport report)
    {
        string bars = SvgCharts.Bars(
            "Drivers",
            [.. report.Drivers.Take(15).Select(driver => (driver.Feature, driver.MeanContribution, driver.Direction < 0,
                string.Create(CultureInfo.InvariantCulture, $"{driver.MeanContribution:F3}, {(driver.Direction < 0 ? "lowers" : "raises")} it")))]);
        page.Append($"""
            <h2>What drives the predictions</h2>
            <p class="note">Mean absolute change of the log-odds ({(report.Chosen is GradientBoostingLearner.LearnerName or RandomForestLearner.LearnerName or AdaBoostLearner.LearnerName ? "exact Shapley values of the trees" : "coefficient times standardised value")}) over a sample of test rows;
            "raises" and "lowers" say what high values of the feature go along with. Drivers describe the model, not causes.</p>
            <figure>{bars}</figure>

            """);
    }

    private static void Settings(StringBuilder page, ModelReport report)
    {
        page.Append("<h2>Settings and lineage</h2>\n<table>\n");
        foreach (CandidateReport candidate in report.Candidates)
            Row(page, Words(candidate.Learner), string.Join(", ", candidate.Parameters.Select(p => $"{p.Key}={p.Value}")));
        Row(page, "Features", $"{report.Lineage.FeatureView}{(report.Lineage.FeatureViewVersion is { } version ? $" v{version}" : "")}");
        Row(page, "Training set", $"lake snapshot {report.Lineage.TrainingSnapshotId}{(report.Lineage.DatasetTag is { } tag ? $", dataset tag {tag} (commit {report.Lineage.DatasetCommit})" : "")}");
        Row(page, "Made by", $"attempt {report.Lineage.AttemptId} of run {report.Lineage.RunId}");
        page.Append("</table>\n");
    }

    private static void Row(StringBuilder page, string name, string value) => page.Append($"<tr><th>{Html(name)}</th><td>{Html(value)}</td></tr>\n");

    private static string Words(string learner) => learner.Replace('_', ' ');

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
