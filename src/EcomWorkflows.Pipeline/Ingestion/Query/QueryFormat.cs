using System.Text;
using EcomWorkflows.Pipeline.Ingestion.Csv;
using EcomWorkflows.Pipeline.Ingestion.Parsing;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Query;

/// <summary>How a PostgreSQL database is asked, as its source mapping gives it.</summary>
/// <param name="Sql">A SELECT; may hold <c>{watermark}</c>, <c>{start}</c> and <c>{end}</c> (of the run's data interval).</param>
/// <param name="Watermark">Column of the result that grows with every change; null where each run reads everything.</param>
/// <param name="InitialWatermark">What the first run takes for the watermark, as PostgreSQL writes the column's values.</param>
internal sealed record QueryFormat(string Sql, string? Watermark, string InitialWatermark, TimeSpan Timeout, int Retries, TimeSpan RetryDelay)
{
    private static readonly string[] TimestampForms = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f%z"];

    /// <summary>What PostgreSQL writes under the settings a query runs with; a null is told from an empty text.</summary>
    public static CsvFormat Dialect { get; } = new(
        (byte)',', (byte)'"', "utf-8", Header: true,
        new ValueFormat([Encoding.UTF8.GetBytes(NullText)], DecimalComma: false, [.. TimestampForms.Select(Compile)], [Compile("%Y-%m-%d")]));

    /// <summary>What stands for a null in the raw file.</summary>
    public const string NullText = @"\N";

    /// <summary>What the first run of a column of times reads after.</summary>
    public const string NoWatermark = "-infinity";

    public static QueryFormat From(SourceMapping mapping, string entity)
    {
        var members = new FormatMembers(mapping, entity);
        var sql = string.Join('\n', members.Texts("query", [])).Trim().TrimEnd(';');
        if (sql.Length == 0)
            throw members.Refuse("query", "a SELECT, as a text or a list of lines", "none");
        var watermark = members.Text("watermark");
        if (watermark is null != !sql.Contains(QuerySql.WatermarkPlaceholder, StringComparison.Ordinal))
            throw members.Refuse("watermark", $"a column of the result together with {QuerySql.WatermarkPlaceholder} in the query, or neither", watermark ?? "none");
        return new QueryFormat(
            sql, watermark, members.Text("initial_watermark", NoWatermark),
            TimeSpan.FromSeconds(members.Number("timeout_seconds", 600, 1, 86_400)),
            members.Number("retries", 2, 0, 20),
            TimeSpan.FromMilliseconds(members.Number("retry_delay_ms", 500, 1, 60_000)));
    }

    private static TimestampPattern Compile(string pattern) =>
        TimestampPattern.TryCompile(pattern, out var compiled) ? compiled : throw new ArgumentException(TimestampPattern.Allowed, nameof(pattern));
}
