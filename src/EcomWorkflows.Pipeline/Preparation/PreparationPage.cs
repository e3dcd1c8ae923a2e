using System.Net;
using System.Text;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>The preparation report as one self-contained HTML page.</summary>
internal static class PreparationPage
{
    private const string Style =
        """
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2733; background: #fff }
        table { border-collapse: collapse; margin: .5rem 0 1.5rem; display: block; overflow-x: auto }
        th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #dde3ea; white-space: nowrap }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
        h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
        svg { width: 100%; height: 9rem } rect { fill: #3b6ea5 }
        """;

    public static string Render(PreparationReport report)
    {
        var page = new StringBuilder();
        page.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Preparation of {Text(report.Source)}</title><meta name="viewport" content="width=device-width, initial-scale=1"><style>
            {Style}
            </style></head>
            <body>
            <h1>Preparation of {Text(report.Source)}</h1>
            <p>Run {Text(report.Run)}, {report.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC</p>
            <h2>Rows in</h2>
            """);
        Table(page, ["Entity", "#Bronze rows", "#Quarantined by validation", "#Used"],
            report.Entities.Select(e => new object[] { e.Entity, e.RowsIn, e.RowsQuarantined, e.RowsKept }));
        page.Append("<h2>Rows out</h2>");
        Table(page, ["Silver table", "Made from", "#In", "#Added", "#Dropped", "Reasons", "Filled in", "#Out"],
            report.Tables.Select(t => new object[]
            {
                t.Table, t.RowsFrom.Count == 0 ? "derived" : string.Join(", ", t.RowsFrom), t.RowsIn, t.RowsAdded, t.RowsDropped.Values.Sum(),
                string.Join(", ", t.RowsDropped.Select(r => $"{r.Key} {r.Value:#,0}")), string.Join(", ", t.ValuesImputed.Select(v => $"{v.Key} {v.Value:#,0}")), t.RowsOut,
            }));
        foreach (var table in report.Profile)
            Profile(page, table);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Profile(StringBuilder page, TableProfile table)
    {
        page.Append($"<h2>silver.{Text(table.Table)}</h2>");
        if (table.ByDay.Count > 0)
        {
            Table(page, ["Event type", "#Events"], table.ByType.Select(c => new object[] { c.Value, c.Count }));
            Bars(page, table.ByDay);
        }
        Table(page, ["Column", "Type", "#Null", $"#Distinct (first {SilverProfiler.SampleRows:#,0} rows)", "Smallest", "Largest", "#Mean", "5 / 25 / 50 / 75 / 95 %"],
            table.Columns.Select(c => new object[]
            {
                c.Name, c.Type, c.Nulls, c.Distinct, c.Min ?? "", c.Max ?? "", c.Mean is { } mean ? $"{mean:#,0.###}" : "",
                string.Join(" / ", c.Quantiles.Select(q => $"{q:#,0.##}")),
            }));
    }

    private static void Bars(StringBuilder page, IReadOnlyList<CountOf> days)
    {
        var largest = Math.Max(1, days.Max(d => d.Count));
        page.Append($"""<p>Events per day, {days[0].Value} to {days[^1].Value}, at most {largest:#,0}</p><svg viewBox="0 0 {days.Count * 4} 100" preserveAspectRatio="none" role="img" aria-label="Events per day">""");
        for (var i = 0; i < days.Count; i++)
        {
            var height = 100.0 * days[i].Count / largest;
            page.Append($"""<rect x="{i * 4}" y="{100 - height:0.##}" width="3" height="{height:0.##}"><title>{days[i].Value}: {days[i].Count:#,0}</title></rect>""");
        }
        page.Append("</svg>");
    }

    /// <param name="headings">A leading # makes a column of numbers.</param>
    private static void Table(StringBuilder page, string[] headings, IEnumerable<object[]> rows)
    {
        page.Append("<table><thead><tr>");
        foreach (var heading in headings)
            page.Append($"<th{Class(heading)}>{Text(heading.TrimStart('#'))}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            for (var i = 0; i < row.Length; i++)
                page.Append($"<td{Class(headings[i])}>{(row[i] is long number ? $"{number:#,0}" : Text((string)row[i]))}</td>");
            page.Append("</tr>");
        }
        page.Append("</tbody></table>\n");
    }

    private static string Class(string heading) => heading.StartsWith('#') ? " class=\"n\"" : "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
