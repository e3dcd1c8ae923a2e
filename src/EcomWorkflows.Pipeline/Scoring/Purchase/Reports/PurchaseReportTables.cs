using System.Globalization;
using EcomWorkflows.Pipeline.Reporting;

namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>Table and chart of a report.</summary>
internal static class PurchaseReportTables
{
    /// <summary>More bars than this are no picture any more; the table has them all.</summary>
    private const int MostBars = 20;

    internal static Html Table(PurchaseReportTable table)
    {
        bool known = table.Scoring.OutcomeKnown;
        Html actual = known ? Html.Of($"<th class=\"n\">Bought</th><th class=\"n\">Conversion</th>") : Html.Empty;
        Html hits = known ? Html.Of($"<th class=\"n\">Bought of predicted</th>") : Html.Empty;
        return Html.Of(
            $"""
            <div class="card"><table>
            <thead><tr><th>{table.Definition.Heading}</th><th class="n">Pairs</th>{actual}<th class="n">Mean probability</th><th class="n">Expected purchases</th><th class="n">Predicted</th>{hits}</tr></thead>
            <tbody>{Html.Join(table.Rows.Select(row => Row(row, known, table.Definition.Top is null ? "N1" : "N3")))}</tbody>
            </table></div>
            """);
    }

    /// <summary>Of bands the mean probability and, where known, the conversion; of the top rows the expected purchases.</summary>
    internal static Html Chart(PurchaseReportTable table)
    {
        IEnumerable<(string, double, bool, string)> bars = table.Definition.Top is not null
            ? table.Rows.Take(MostBars).Select(row => (row.Group, row.Expected, false, row.Expected.ToString("0.###", CultureInfo.InvariantCulture)))
            : table.Rows.SelectMany(Bars);
        string title = table.Definition.Top is not null ? "Expected purchases" : table.Scoring.OutcomeKnown ? "Predicted probability and conversion" : "Predicted probability";
        return Html.Of($"<figure><figcaption>{title}</figcaption>{SvgCharts.Bars(title, [.. bars])}</figure>");
    }

    private static IEnumerable<(string, double, bool, string)> Bars(PurchaseReportRow row)
    {
        yield return ($"{row.Group}, predicted", row.MeanProbability, false, Share.Percent(row.MeanProbability));
        if (row.Conversion is { } conversion)
            yield return ($"{row.Group}, bought", conversion, true, Share.Percent(conversion));
    }

    /// <param name="expected">Format of the expected purchases: of one item or visitor they are few.</param>
    private static Html Row(PurchaseReportRow row, bool known, string expected)
    {
        Html actual = known ? Html.Of($"<td class=\"n\">{row.Bought ?? 0}</td><td class=\"n\">{Share.Percent(row.Conversion ?? 0)}</td>") : Html.Empty;
        Html hits = known ? Html.Of($"<td class=\"n\">{row.Hits ?? 0}</td>") : Html.Empty;
        return Html.Of(
            $"""
            <tr><td>{row.Group}</td><td class="n">{row.Pairs}</td>{actual}<td class="n">{Share.Percent(row.MeanProbability)}</td><td class="n">{row.Expected.ToString(expected, CultureInfo.InvariantCulture)}</td><td class="n">{row.Predicted}</td>{hits}</tr>

            """);
    }
}
