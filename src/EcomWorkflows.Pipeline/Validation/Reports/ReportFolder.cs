using System.Text.Encodings.Web;
using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Running;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>Writes all files of a report into a folder.</summary>
internal static class ReportFolder
{
    public const string QuarantineFile = "quarantine.csv";

    /// <summary>Members are written as they read, since the files are never embedded in HTML.</summary>
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="quarantine">The quarantine Parquet file.</param>
    public static void Write(
        DuckDbConnection duck, string folder, ValidationIdentity identity, ValidationResult result, QualityHistory history, string quarantine,
        CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, "rows"));
        var rowFiles = WriteRows(duck, folder, result, cancellationToken);
        if (result.RowsQuarantined > 0)
            WriteQuarantine(duck, Path.Combine(folder, QuarantineFile), quarantine, cancellationToken);
        File.WriteAllText(Path.Combine(folder, "result.json"), GxResultJson.Write(result, identity).ToJsonString(Indented));
        File.WriteAllText(Path.Combine(folder, "report.csv"), IssueCsv.Write(result));
        File.WriteAllText(Path.Combine(folder, "index.html"), ReportPage.Write(new QualityReport(identity, result, history, rowFiles)).Markup);
    }

    /// <summary>One CSV per reason code with all rows that fail, accepted ones too.</summary>
    private static Dictionary<string, string> WriteRows(DuckDbConnection duck, string folder, ValidationResult result, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var code in result.Expectations.Index().Where(e => e.Item.UnexpectedCount > 0).GroupBy(e => e.Item.Expectation.Code, StringComparer.Ordinal))
        {
            var file = $"rows/{code.Key}.csv";
            duck.Execute(
                $"""
                copy (
                  select file, line, value, message
                  from {FailingRowTable.Name}
                  where ordinal in ({string.Join(", ", code.Select(e => e.Index))})
                  order by file, line
                ) to {DuckDbSql.Literal(Path.Combine(folder, file))} (format csv, header)
                """, ct: cancellationToken);
            files.Add(code.Key, file);
        }
        return files;
    }

    private static void WriteQuarantine(DuckDbConnection duck, string file, string quarantine, CancellationToken cancellationToken) => duck.Execute(
        $"""
        copy (
          select
            file,
            line,
            array_to_string(rules, ';') as reasons,
            array_to_string(messages, '; ') as messages,
            raw
          from read_parquet({DuckDbSql.Literal(quarantine)})
          order by file, line
        ) to {DuckDbSql.Literal(file)} (format csv, header)
        """, ct: cancellationToken);
}
