using System.Globalization;
using EcomWorkflows.Pipeline.Reporting;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Search;

namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>The model report as one self-contained HTML page.</summary>
internal static class ModelReportPage
{
    internal const string FileName = "report.html";

    private const int MostDrivers = 15;

    private const int MostTrials = 10;

    internal static Html Render(ModelReport report) => new ReportShell
    {
        Title = $"{report.ModelName}: model report",
        Kind = Html.Of($"""<a href="/models">Model</a> report"""),
        Heading = Heading(report),
        Facts =
        [
            ("Learner", Html.Of($"{Words(report.Chosen)}")),
            ("Run", ReportLinks.Run(report.Lineage.DagId, report.Lineage.RunKey)),
            ("Training data", ReportLinks.Dataset(report.Lineage.DatasetTag)),
            ("Made", Html.Of($"{report.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC")),
        ],
        Links = Html.Of(
            $"""
            <a href="#figures">Figures</a><a href="#drivers">Drivers</a>{(report.Profit is null ? Html.Empty : Html.Of($"""<a href="#profit">Profit</a>"""))}<a href="#gates">Gates</a><a href="#settings">Settings and lineage</a><a href="{ModelCard.FileName}">Model card</a>
            """),
        Notes = Html.Of(
            $"""
            Drivers describe the model, not causes. Intervals hold 95 % of the bootstrap samples of the test rows. Chance is ROC-AUC 0.5 and PR-AUC {Share.Number(report.ChosenCandidate.Test.BaseRate)}, the base rate.
            """),
    }.Around(Html.Of(
        $"""
        {Warning(report)}
        <p class="lead">{report.Purpose.Subject}. {report.Promotion.Reason}</p>
        {Tiles(report.ChosenCandidate.Test)}
        {Protocol(report)}
        {Figures(report)}
        {Drivers(report)}
        {Profit(report)}
        {Slices(report)}
        {Gates(report)}
        {Html.Join(report.Searches.Select(Search))}
        {Settings(report)}
        """));

    private static Html Heading(ModelReport report)
    {
        var (kind, words) = (report.Leaks.Count, report.Promotion.Promote) switch
        {
            // Whatever the gates made of its figures.
            (> 0, _) => ("warn", "Not to be trusted"),
            (_, true) => ("good", "Passed all gates"),
            _ => ("warn", "Refused by the gates"),
        };
        return Html.Of($"""<h1>{report.ModelName}</h1><span class="chip big {kind}">{words}</span>""");
    }

    private static Html Warning(ModelReport report) => report.Leaks.Count == 0 ? Html.Empty : Html.Of(
        $"""
        <p class="stop"><strong>These figures cannot be trusted.</strong> {string.Join("; ", report.Leaks.Select(leak => leak.Message))}. The DAG asked to go on all the same (onLeak: report).</p>
        """);

    private static Html Tiles(ModelMetrics test) => Html.Of(
        $"""
        <section class="tiles" aria-label="Summary">
        {Tile("ROC-AUC", F4(test.RocAuc), $"{Range(test.RocAucInterval)} (95 %)")}
        {Tile("PR-AUC", F4(test.PrAuc), $"{Range(test.PrAucInterval)}; chance {Share.Number(test.BaseRate)}")}
        {Tile("F1", F3(test.F1), $"precision {F3(test.Precision)}, recall {F3(test.Recall)} at threshold {Share.Number(test.Threshold)}")}
        {Tile("Lift at 10 %", F2(test.LiftAt10Percent), "positives among the likeliest tenth, beside the base rate")}
        {Tile("Calibration error", F4(test.CalibrationError), $"Brier score {Share.Number(test.Brier, digits: 4)}")}
        </section>
        """);

    private static Html Tile(string label, string value, string words) => Html.Of($"""<div class="tile"><span class="label">{label}</span><b>{value}</b><span>{words}</span></div>""");

    private static Html Protocol(ModelReport report)
    {
        ModelMetrics test = report.ChosenCandidate.Test;
        string choice = report.ChosenCandidate.Protocol == FitProtocol.OutOfFold
            ? "Learner and threshold were chosen on out-of-fold predictions (five folds) for training rows."
            : "Learner and threshold were chosen on a fifth of the training rows that was held out of the fit.";
        return Html.Of(
            $"""
            <h2>What was asked, and how it was tested</h2>
            <p class="lead">{report.Purpose.Definition} {report.Purpose.FeatureTime}</p>
            {ReportTable.Of(
                ["", "Cutoff", "Outcome window", $"#{report.Purpose.Entities}", $"#{report.Purpose.Positive}"],
                [
                    ["Training", string.Join(", ", report.Periods.Select(period => Day(period.Cutoff))), OutcomeWindow(report, report.Lineage.TrainCutoff), Whole(report.TrainRows), Share.Percent((double)report.TrainPositives / report.TrainRows)],
                    ["Test", Day(report.Lineage.TestCutoff), OutcomeWindow(report, report.Lineage.TestCutoff), Whole(test.Rows), Share.Percent(test.BaseRate)],
                ])}
            <p class="quiet small">{report.Purpose.TestTime}
            {choice} The test rows took no part in any choice.</p>
            """);
    }

    private static string OutcomeWindow(ModelReport report, DateTimeOffset cutoff) =>
        report.Purpose.Foretells ? $"to {Day(cutoff.AddDays(report.OutcomeDays))}" : "all data from then on, as the features";

    private static Html Figures(ModelReport report)
    {
        SingleFeature best = report.SingleFeatures[0];
        var roc = SvgCharts.UnitSquare(
            "ROC curves", "share of negatives flagged", "share of positives found",
            [.. report.Candidates.Select(c => new SvgCharts.Series(Words(c.Learner), [.. c.Roc.Select(p => (p.FalsePositiveRate, p.TruePositiveRate))]))],
            markers: false);
        var calibration = SvgCharts.UnitCorner(
            "Calibration by decile", "mean predicted probability", "observed share of positives",
            [.. report.Candidates.Select(c => new SvgCharts.Series(Words(c.Learner), [.. c.Calibration.Select(g => (g.MeanPredicted, g.ObservedRate))]))],
            markers: true);
        return Html.Of(
            $"""
            <h2 id="figures">Figures on the test rows</h2>
            {Learners(report)}
            <p class="quiet small">The best single feature alone, <code>{best.Name}</code>, has ROC-AUC {F4(best.RocAuc)}.</p>
            <div class="charts">
            <figure><figcaption>ROC curves</figcaption>{roc}</figure>
            <figure><figcaption>Calibration by decile</figcaption>{calibration}</figure>
            <figure><figcaption>Deciles of {Words(report.Chosen)}</figcaption>
            {ReportTable.Of(["Decile", "#Rows", "#Predicted", "#Observed"], report.ChosenCandidate.Calibration.Select((group, i) => new[] { Whole(i + 1), Whole(group.Rows), Share.Number(group.MeanPredicted), Share.Number(group.ObservedRate) }))}
            </figure>
            </div>
            """);
    }

    /// <summary>One column per learner: there are more figures than learners.</summary>
    private static Html Learners(ModelReport report)
    {
        Html Figure(string name, Func<CandidateReport, string> figure, Func<ModelMetrics, Interval?>? interval = null) => Html.Of(
            $"""
            <tr><td class="nowrap">{name}</td>{Html.Join(report.Candidates.Select(candidate => Html.Of(
                $"""<td class="{Chosen(report, candidate)}">{figure(candidate)}{(interval?.Invoke(candidate.Test) is { } range ? Html.Of($"<small>{Range(range)}</small>") : Html.Empty)}</td>""")))}</tr>

            """);
        return Html.Of(
            $"""
            <div class="card" tabindex="0" role="group" aria-label="Figures on the test rows"><table>
            <thead><tr><th>95 % intervals below</th>{Html.Join(report.Candidates.Select(candidate => Html.Of($"""<th class="{Chosen(report, candidate)}">{Words(candidate.Learner)}{(candidate.Learner == report.Chosen ? " ✓" : "")}</th>""")))}</tr></thead>
            <tbody>
            {Figure("ROC-AUC", c => F4(c.Test.RocAuc), test => test.RocAucInterval)}
            {Figure("PR-AUC", c => F4(c.Test.PrAuc), test => test.PrAucInterval)}
            {Figure("F1", c => F3(c.Test.F1), test => test.F1Interval)}
            {Figure("Precision", c => F3(c.Test.Precision))}
            {Figure("Recall", c => F3(c.Test.Recall))}
            {Figure("Accuracy", c => F3(c.Test.Accuracy))}
            {Figure("Threshold", c => Share.Number(c.Test.Threshold))}
            {Figure("Brier score", c => Share.Number(c.Test.Brier, digits: 4), test => test.BrierInterval)}
            {Figure("Calibration error", c => F4(c.Test.CalibrationError))}
            {Figure("Log loss", c => F4(c.Test.LogLoss))}
            {Figure("Lift at 5 / 10 / 20 %", c => $"{F2(c.Test.LiftAt5Percent)} / {F2(c.Test.LiftAt10Percent)} / {F2(c.Test.LiftAt20Percent)}")}
            {Figure("Recall at 5 / 10 / 20 %", c => $"{F3(c.Test.RecallAt5Percent)} / {F3(c.Test.RecallAt10Percent)} / {F3(c.Test.RecallAt20Percent)}")}
            {Figure("ROC-AUC on held-out training rows", c => F4(c.ValidationRocAuc))}
            {Figure("Time to fit", c => $"{c.FitTime.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s")}
            </tbody>
            </table></div>
            """);
    }

    private static string Chosen(ModelReport report, CandidateReport candidate) => candidate.Learner == report.Chosen ? "n chosen" : "n";

    private static Html Drivers(ModelReport report)
    {
        var bars = SvgCharts.Bars(
            "Drivers",
            [.. report.Drivers.Take(MostDrivers).Select(driver => (driver.Feature, driver.MeanContribution, driver.Direction < 0, $"{F3(driver.MeanContribution)}, {(driver.Direction < 0 ? "lowers" : "raises")} it"))]);
        string method = report.Chosen is GradientBoostingLearner.LearnerName or RandomForestLearner.LearnerName or AdaBoostLearner.LearnerName
            ? "exact Shapley values of the trees"
            : "coefficient times standardised value";
        return Html.Of(
            $"""
            <h2 id="drivers">What drives the predictions</h2>
            <p class="lead">Mean absolute change of the log-odds ({method}) over a sample of test rows; "raises" and "lowers" say what high values of the feature go along with.</p>
            <figure>{bars}</figure>
            """);
    }

    private static Html Profit(ModelReport report)
    {
        if (report.Profit is not { } curve)
            return Html.Empty;
        ProfitAssumptions a = curve.Assumptions;
        var chart = SvgCharts.OverShares(
            "Profit by share contacted", "share contacted, highest probability first", "cumulative profit",
            [new("expected", [.. curve.Points.Select(p => (p.Share, p.Expected))]), new("realised", [.. curve.Points.Select(p => (p.Share, p.Realised))])]);
        string Amount(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
        return Html.Of(
            $"""
            <h2 id="profit">Profit of acting on it</h2>
            <p class="lead">Assumed per contact: value of a kept customer {Amount(a.CustomerValue)}, cost of the offer {Amount(a.OfferCost)}, of contacting {Amount(a.ContactCost)}; the offer keeps {Amount(100 * a.SaveRate)} % of those who would leave,
            and {Amount(100 * a.StayerTakeRate)} % of the others take it too.</p>
            <section class="tiles" aria-label="Profit">
            {Tile("Best share to contact", Share.Percent(curve.Best.Share), "those with the highest probability")}
            {Tile("Expected profit", Whole(curve.Best.Expected), "of contacting these")}
            {Tile("Realised profit", Whole(curve.Best.Realised), "by what the test rows did")}
            {Tile("Contacting everybody", Whole(curve.Points[^1].Realised), "by what the test rows did")}
            </section>
            <div class="charts"><figure><figcaption>Profit by share contacted</figcaption>{chart}</figure></div>
            """);
    }

    private static Html Slices(ModelReport report)
    {
        IReadOnlyList<SliceMetrics> slices = report.Promotion.Evidence.ChallengerSlices;
        return slices.Count == 0 ? Html.Empty : Html.Of(
            $"""
            <h2>Slices of the test rows</h2>
            {ReportTable.Of(
                ["Slice", "#Rows", "#Base rate", "#ROC-AUC", "#PR-AUC", "#F1", "#Brier score", "#Calibration error"],
                slices.Select(s => new[] { s.Slice, Whole(s.Rows), Share.Number(s.BaseRate), F4(s.RocAuc), F4(s.PrAuc), F3(s.F1), Share.Number(s.Brier, digits: 4), F4(s.CalibrationError) }))}
            """);
    }

    private static Html Gates(ModelReport report) => Html.Of(
        $"""
        <h2 id="gates">Promotion gates</h2>
        <div class="card"><table>
        <thead><tr><th>Gate</th><th>Result</th><th>Evidence</th></tr></thead>
        <tbody>{Html.Join(report.Promotion.Gates.Select(gate => Html.Of(
            $"""
            <tr><td class="nowrap">{gate.Gate}</td><td><span class="chip {(gate.Passed ? "good" : "bad")}">{(gate.Passed ? "✓ passed" : "✕ failed")}</span></td><td>{gate.Detail}</td></tr>

            """)))}</tbody>
        </table></div>
        """);

    private static Html Search(SearchResult search) => Html.Of(
        $"""
        <h2>Settings tried for {Words(search.Learner)}</h2>
        <p class="lead">Judged by mean ROC-AUC: {string.Join("; ", search.Folds)}.</p>
        {ReportTable.Of(["#ROC-AUC", "Settings"], search.Trials.Take(MostTrials).Select(trial => new[] { F4(trial.MeanRocAuc), Parameters(trial.Parameters) }))}
        """);

    private static Html Settings(ModelReport report) => Html.Of(
        $"""
        <h2 id="settings">Settings and lineage</h2>
        {ReportTable.Of(
            ["", ""],
            [
                .. report.Candidates.Select(candidate => new[] { Words(candidate.Learner), Parameters(candidate.Parameters) }),
                ["features", $"{report.Lineage.FeatureView}{(report.Lineage.FeatureViewVersion is { } version ? $" v{version}" : "")}"],
                ["training set", $"lake snapshot {report.Lineage.TrainingSnapshotId}{(report.Lineage.DatasetTag is { } tag ? $", dataset tag {tag} (commit {report.Lineage.DatasetCommit})" : "")}"],
                ["made by", $"attempt {report.Lineage.AttemptId} of run {report.Lineage.RunId}"],
            ])}
        """);

    private static string Parameters(IReadOnlyDictionary<string, string> parameters) => string.Join(", ", parameters.Select(parameter => $"{parameter.Key}={parameter.Value}"));

    private static string Range(Interval? interval) => interval is null ? "" : $"{Share.Number(interval.Low)} – {Share.Number(interval.High)}";

    private static string Words(string learner) => learner.Replace('_', ' ');

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string F2(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "–";

    private static string F3(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "–";

    private static string F4(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "–";
}
