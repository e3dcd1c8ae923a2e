using System.Globalization;
using System.Text;

namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>A report as CSV: the same rows as the page, unrounded; empty where the outcome is not known.</summary>
internal static class PurchaseReportCsv
{
    internal static string Write(IReadOnlyList<PurchaseReportTable> tables)
    {
        var csv = new StringBuilder("kind,as_of,group,pairs,bought,conversion,predicted_purchases,bought_of_predicted,expected_purchases,mean_probability\n");
        foreach (PurchaseReportTable table in tables)
        {
            foreach (PurchaseReportRow row in table.Rows)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{table.Scoring.Kind},{table.Scoring.AsOf:yyyy-MM-dd},{Text(row.Group)},{row.Pairs},{row.Bought},{row.Conversion},{row.Predicted},");
                csv.Append(CultureInfo.InvariantCulture, $"{row.Hits},{row.Expected},{row.MeanProbability}\n");
            }
        }

        return csv.ToString();
    }

    private static string Text(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
