using System.Globalization;

namespace EcomWorkflows.Pipeline.Ingestion.Query;

/// <summary>Fills a mapping's query. COPY takes no parameters, so values are written into it as literals.</summary>
internal static class QuerySql
{
    public const string WatermarkPlaceholder = "{watermark}";

    /// <param name="watermark">The watermark; null where the query has none.</param>
    public static string Fill(string sql, string? watermark, DateTimeOffset start, DateTimeOffset end) => sql
        .Replace(WatermarkPlaceholder, watermark is null ? WatermarkPlaceholder : Literal(watermark), StringComparison.Ordinal)
        .Replace("{start}", $"{Literal(Instant(start))}::timestamptz", StringComparison.Ordinal)
        .Replace("{end}", $"{Literal(Instant(end))}::timestamptz", StringComparison.Ordinal);

    /// <summary>The rows as CSV with a header.</summary>
    public static string Copy(string sql) =>
        $"""
        copy (
        {sql}
        ) to stdout (format csv, header, null {Literal(QueryFormat.NullText)}, encoding 'UTF8')
        """;

    /// <summary>The watermark after these rows, as text that reads back exactly; null where there are none.</summary>
    public static string Highest(string sql, string column) =>
        $"""
        select max("{column.Replace("\"", "\"\"", StringComparison.Ordinal)}")::text
        from (
        {sql}
        ) source_rows
        """;

    private static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    // Written so that it means the same whatever standard_conforming_strings says.
    private static string Literal(string text) =>
        text.Contains('\\', StringComparison.Ordinal)
            ? $"E'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
