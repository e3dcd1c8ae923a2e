using EcomWorkflows.Pipeline.Reporting;
using EcomWorkflows.Pipeline.Validation.Profiling;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>What each column holds, as it landed.</summary>
internal static class ColumnSection
{
    public static Html Write(QualityReport report) => Html.Of(
        $"""
        <section id="columns">
        <h2>Columns</h2>
        <p class="lead">As landed in bronze, before quarantine. Numbers are drawn between their 1st and 99th percentile; what lies outside counts in the outer bars.</p>
        <div class="card"><table>
        <thead><tr><th>Column</th><th>Type</th><th class="n">Missing</th><th class="n">Different</th><th>Smallest, largest</th><th class="n">Mean</th><th>Distribution</th></tr></thead>
        <tbody>
        {Html.Join(report.Result.Columns.Select(Row))}
        </tbody></table></div>
        </section>
        """);

    private static Html Row(ColumnProfile column) => Html.Of(
        $"""
        <tr><td class="nowrap"><strong>{column.Column.Name}</strong></td><td class="small quiet">{column.Column.Type.ToLowerInvariant()}</td>
        <td class="n">{column.Nulls}<br><span class="quiet small">{Percent.Of(column.Nulls, column.Rows)}</span></td>
        <td class="n">{(column.DistinctIsExact ? "" : "≈ ")}{column.Distinct}</td>
        <td class="value">{Shorten(column.Min)}<br>{Shorten(column.Max)}</td><td class="n">{(column.Mean is { } mean ? mean.ToString("N2") : "")}</td>
        <td>{DistributionChart.Draw(column)}</td></tr>

        """);

    private static string Shorten(string? text) => text is null ? "–" : text.Length <= 24 ? text : string.Concat(text.AsSpan(0, 23), "…");
}
