using EcomWorkflows.Pipeline.Reporting;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>What is unusual beside the runs before, with the bounds used.</summary>
internal static class AnomalySection
{
    /// <summary>Unusual figures that are shown at once, the farthest from their bounds first.</summary>
    private const int InSight = 50;

    public static Html Write(QualityReport report)
    {
        var judged = report.Result.Anomalies;
        var unusual = judged.Where(figure => figure.IsAnomaly).OrderByDescending(Distance).ToList();
        if (judged.Count == 0)
        {
            return Html.Of(
                $"""
                <section id="anomalies"><h2>Against the runs before</h2><p class="lead">Not judged: {report.History.Runs.Count} earlier {(report.History.Runs.Count == 1 ? "run" : "runs")}, at least {Statistics.RobustBounds.FewestValues} are needed.</p></section>
                """);
        }
        var most = judged.Max(figure => figure.Runs);
        return Html.Of(
            $"""
            <section id="anomalies">
            <h2>Against the runs before</h2>
            <p class="lead">{judged.Count} figures compared with up to {most} earlier runs: {unusual.Count} unusual{(unusual.Count > 1 ? ", the farthest outside first" : "")}. Bounds are the median ± 3.5 robust standard deviations, wider with few runs.</p>
            {(unusual.Count == 0 ? Html.Empty : Table(unusual.Take(InSight)))}
            {(unusual.Count <= InSight ? Html.Empty : Html.Of($"""<div class="card"><details><summary><span class="quiet small">{unusual.Count - InSight} figures</span><span>More that are unusual</span></summary>{Table(unusual.Skip(InSight))}</details></div>"""))}
            <div class="card"><details><summary><span class="quiet small">{report.History.Runs.Count} runs</span><span>The runs compared, the newest first</span></summary>{Runs(report.History)}</details></div>
            </section>
            """);
    }

    private static Html Table(IEnumerable<Anomaly> unusual) => Html.Of(
        $"""
        <div class="card"><table>
        <thead><tr><th>Figure</th><th class="n">Now</th><th class="n">Usual</th><th class="n">Bounds</th><th class="n">Runs</th></tr></thead>
        <tbody>
        {Html.Join(unusual.Select(figure => Html.Of($"""<tr><td>{figure.Statement}<br><code class="quiet">{figure.Metric}</code></td><td class="n"><strong>{Number(figure.Value)}</strong></td><td class="n">{Number(figure.Median)}</td><td class="n">{Number(figure.Low)} – {Number(figure.High)}</td><td class="n">{figure.Runs}</td></tr>""")))}
        </tbody></table></div>
        """);

    /// <summary>How far outside its bounds a figure is, in their width.</summary>
    private static double Distance(Anomaly figure) =>
        Math.Max(figure.Low - figure.Value, figure.Value - figure.High) / Math.Max(figure.High - figure.Low, double.Epsilon);

    private static Html Runs(QualityHistory history) => Html.Of(
        $"""
        <table>
        <thead><tr><th>Validated</th><th>Run</th><th>Outcome</th><th class="n">Rows read</th><th class="n">Refused</th><th class="n">Quarantined</th></tr></thead>
        <tbody>
        {Html.Join(history.Runs.Select(run => Html.Of($"""<tr><td class="nowrap">{run.ValidatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm")} UTC</td><td>{run.RunKey}</td><td>{run.Outcome}</td><td class="n">{run.RowsRead}</td><td class="n">{run.RowsRefused}</td><td class="n">{run.RowsQuarantined}</td></tr>""")))}
        </tbody></table>
        """);

    private static string Number(double value) => Math.Abs(value) >= 1000 ? value.ToString("N0") : value.ToString("0.#####");
}
