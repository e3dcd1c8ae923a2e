using EcomWorkflows.Pipeline.Validation.Results;

namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>The issues found and what became of them, one line per expectation with a finding.</summary>
internal static class IssueCsv
{
    public static string Write(ValidationResult result)
    {
        var lines = result.Expectations.Where(e => e.Verdict != Verdict.Passed).Select(e => new[]
        {
            e.Expectation.Code,
            e.Expectation.Type,
            string.Join(' ', e.Expectation.Columns),
            e.Severity.ToString().ToLowerInvariant(),
            e.Verdict.ToString().ToLowerInvariant(),
            e.UnexpectedCount?.ToString() ?? "",
            e.UnexpectedShare?.ToString("0.######") ?? "",
            e.Resolution,
            e.Examples.Count == 0 ? "" : $"{e.Examples[0].File}:{e.Examples[0].Line}",
            e.Examples.Count == 0 ? ReportPage.Found(e) : e.Examples[0].Message,
            e.Statement,
        });
        string[] header = ["issue", "rule", "columns", "severity", "result", "count", "share", "resolution", "example", "example_finding", "expected"];
        return string.Concat(lines.Prepend(header).Select(line => string.Join(',', line.Select(Quoted)) + "\n"));
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
