using EcomWorkflows.Pipeline.Reporting;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>The table of quarantine reasons, with the way to every row.</summary>
internal static class QuarantineSection
{
    public static Html Write(QualityReport report)
    {
        var result = report.Result;
        if (result.Reasons.Count == 0)
        {
            return Html.Of(
                $"""
                <section id="quarantine"><h2>Quarantine</h2><p class="lead">No row was quarantined.</p></section>
                """);
        }
        return Html.Of(
            $"""
            <section id="quarantine">
            <h2>Quarantine</h2>
            <p class="lead">{result.RowsQuarantined} {(result.RowsQuarantined == 1 ? "row" : "rows")}, each with file, line, reasons and the row as it came: <a href="{ReportFolder.QuarantineFile}">{ReportFolder.QuarantineFile}</a></p>
            <div class="card"><table>
            <thead><tr><th>Reason</th><th>Rule broken</th><th class="n">Rows</th><th class="n">Share</th><th>First seen</th><th>All rows</th></tr></thead>
            <tbody>
            {Html.Join(result.Reasons.Select(reason => Row(report, reason)))}
            </tbody></table></div>
            </section>
            """);
    }

    private static Html Row(QualityReport report, QuarantineCount reason)
    {
        var rules = report.Result.Expectations
            .Where(e => e.Expectation.Code == reason.Code && e.Expectation.FailingRows == FailingRows.Quarantine && e.UnexpectedCount > 0).ToList();
        var first = rules.SelectMany(rule => rule.Examples).FirstOrDefault();
        return Html.Of(
            $"""
            <tr><td class="nowrap"><code>{reason.Code}</code></td><td>{string.Join("; ", rules.Select(rule => rule.Statement))}</td>
            <td class="n">{reason.Rows}</td><td class="n">{Percent.Of(reason.Rows, report.Result.RowsRead)}</td>
            <td class="small nowrap">{(first is null ? "" : $"{first.File} line {first.Line}")}</td><td>{Link(report, reason.Code)}</td></tr>

            """);
    }

    internal static Html Link(QualityReport report, string code) =>
        report.RowFiles.TryGetValue(code, out var file) ? Html.Of($"""<a href="{file}">CSV</a>""") : Html.Empty;
}
