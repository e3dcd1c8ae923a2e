using System.Globalization;

namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>A retention list as CSV (RFC 4180), one line per customer by rank.</summary>
public static class RetentionCsv
{
    public const string Header = "source,as_of,rank,customer_id,group,churn_probability,customer_value,expected_profit,expected_cost,model,model_version,reasons";

    public static string Line(RetentionList list, RetentionTarget target) => string.Join(
        ',',
        Quoted(list.Source), list.AsOf.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Text(target.Rank), Quoted(target.CustomerId), target.Group, Text(target.ChurnProbability),
        Text(target.CustomerValue), Text(target.ExpectedProfit), Text(target.ExpectedCost), Quoted(list.ModelName), Text(list.ModelVersion), Quoted(target.Reasons ?? ""));

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Quoted(string field) => field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
