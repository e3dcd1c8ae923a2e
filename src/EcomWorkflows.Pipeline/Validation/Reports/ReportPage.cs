using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Reporting;
using EcomWorkflows.Pipeline.Validation.Results;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>Writes the report as one page that needs no script and loads nothing.</summary>
internal static class ReportPage
{
    public static Html Write(QualityReport report)
    {
        var (identity, result) = (report.Identity, report.Result);
        return new ReportShell
        {
            Title = $"Data quality of {identity.Table}: {OutcomeWords(result)}",
            Kind = Html.Of($"""<a href="/quality">Data quality</a> report"""),
            Heading = Html.Of($"<h1>{identity.Table}</h1>{Outcome(result)}"),
            Facts =
            [
                ("Run", ReportLinks.Run(identity.DagId, identity.RunKey)),
                ("Data interval", Html.Of($"{Moment(identity.IntervalStart)} – {Moment(identity.IntervalEnd)}")),
                ("Validated", Html.Of($"{Moment(identity.ValidatedAt)} (try {identity.TryNumber.ToString()}, attempt {identity.AttemptId.ToString()})")),
                ("Suite", Html.Of($"{(result.Suite.File.Length == 0 ? "none" : result.Suite.Name)}")),
                ("Snapshot", Html.Of($"{identity.SnapshotId?.ToString() ?? "none"}")),
            ],
            Links = new Html("""<a href="#quarantine">Quarantine</a><a href="#expectations">Expectations</a><a href="#anomalies">Against the runs before</a><a href="#columns">Columns</a><a href="report.csv">Issues as CSV</a><a href="result.json">Result as JSON</a>"""),
            Notes = Html.Of(
                $"""
                An expectation is <em>met</em> when nothing was found, <em>tolerated</em> when no more rows fail than its <code>mostly</code> allows, <em>failed</em> otherwise.
                A failed critical expectation, or one that could not be checked, stops the run; the rest continues. Quarantined rows are kept out of everything downstream
                and stay in the lake table <code>quarantine.{identity.Source}.{identity.Entity}</code> with file, line, reasons and the row as it came. A row with several reasons counts in each.
                """),
        }.Around(Html.Of(
            $"""
            {Stopped(result)}
            {Tiles(result)}
            {QuarantineSection.Write(report)}
            {ExpectationSection.Write(report)}
            {AnomalySection.Write(report)}
            {ColumnSection.Write(report)}
            """));
    }

    private static string OutcomeWords(ValidationResult result) => result.Outcome switch
    {
        ValidationOutcome.Passed => "Passed",
        ValidationOutcome.Warned => "Passed with warnings",
        _ => "Failed: the run stops here",
    };

    private static Html Outcome(ValidationResult result) => Html.Of(
        $"""<span class="chip big {result.Outcome switch { ValidationOutcome.Passed => "good", ValidationOutcome.Warned => "warn", _ => "bad" }}">{OutcomeWords(result)}</span>""");

    private static Html Stopped(ValidationResult result)
    {
        if (result.Stopping.Count == 0)
            return Html.Empty;
        var reasons = result.Stopping.Select(expectation => Html.Of($"<li>{expectation.Statement}: {Found(expectation)}</li>"));
        return Html.Of(
            $"""<section class="stop"><strong>What stopped the run</strong><ul>{Html.Join(reasons)}</ul></section>""");
    }

    internal static string Found(ExpectationResult expectation) => expectation switch
    {
        { Exception: { } problem } => $"could not be checked: {problem}",
        { UnexpectedCount: { } rows } => $"{rows:N0} {(rows == 1 ? "row fails" : "rows fail")} ({Percent.Of(expectation.UnexpectedShare)}; allowed {Percent.Of(1 - expectation.Expectation.Mostly)})",
        _ => $"observed {expectation.Observed?.ToReadableText() ?? "no value"}",
    };

    private static Html Tiles(ValidationResult result)
    {
        var failed = result.Expectations.Count - result.Successful;
        var tolerated = result.Expectations.Count(expectation => expectation.Verdict == Verdict.Tolerated);
        var state = result.Stopping.Count > 0 ? "bad" : failed > 0 ? "warn" : "good";
        return Html.Of(
            $"""
            <section class="tiles" aria-label="Summary">
            <div class="tile"><span class="label">Rows read</span><b>{result.RowsRead}</b><span>{result.RowsRefused} refused by ingestion</span></div>
            <div class="tile"><span class="label">Rows kept</span><b>{result.RowsKept}</b><span>{Percent.Of(result.RowsKept, result.RowsRead)} of rows read</span></div>
            <div class="tile{(result.RowsQuarantined > 0 ? " warn" : "")}"><span class="label">Quarantined</span><b>{result.RowsQuarantined}</b><span>{Percent.Of(result.RowsQuarantined, result.RowsRead)}, {result.Reasons.Count} {(result.Reasons.Count == 1 ? "reason" : "reasons")}</span></div>
            <div class="tile {state}"><span class="label">Expectations met</span><b>{result.Successful} of {result.Expectations.Count}</b><span>{tolerated} within tolerance, {failed} not met</span></div>
            </section>
            """);
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'");
}
