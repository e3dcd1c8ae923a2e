using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Validation;

namespace EcomWorkflows.Server.Api.Quality;

/// <summary>
/// Gathers the issues of a run: what validation found, and what later tasks say in their outputs they dropped (<c>rowsDropped</c> of a table, by reason) or filled in
/// (<c>valuesImputed</c> of a table, by column).
/// </summary>
internal sealed class QualityIssues(QualityResults results, RunReader runs)
{
    public async Task<IReadOnlyList<QualityIssue>> OfRunAsync(long runId, CancellationToken cancellationToken)
    {
        var issues = new List<QualityIssue>();
        foreach (var result in (await results.ListAsync(new QualityFilter(RunId: runId), cancellationToken)).OrderBy(result => result.Entity, StringComparer.Ordinal))
        {
            var expectations = await results.ExpectationsAsync(result.ValidationResultId, cancellationToken);
            issues.AddRange(expectations.Where(e => !e.Success || e.UnexpectedCount > 0).OrderByDescending(e => e.UnexpectedCount ?? 0).Select(e => new QualityIssue(
                $"bronze.{result.Source}.{result.Entity}", e.Code, e.Severity, e.UnexpectedCount, e.Resolution, e.ExceptionMessage ?? e.Statement)));
        }
        foreach (var instance in await runs.TaskInstancesAsync(runId, cancellationToken))
        {
            if (instance.Outputs is { } outputs && JsonNode.Parse(outputs) is JsonObject stated && stated["tables"] is JsonArray tables)
                issues.AddRange(tables.OfType<JsonObject>().SelectMany(table => Of(instance.TaskId, table)));
        }
        return issues;
    }

    /// <summary>One line per issue, with a header.</summary>
    public static string Csv(IEnumerable<QualityIssue> issues)
    {
        string[] header = ["table", "issue", "severity", "rows", "resolution", "statement"];
        var lines = issues.Select(issue => new[] { issue.Table, issue.Code, issue.Severity, issue.Rows?.ToString() ?? "", issue.Resolution, issue.Statement });
        return string.Concat(lines.Prepend(header).Select(line => string.Join(',', line.Select(Quoted)) + "\n"));
    }

    private static IEnumerable<QualityIssue> Of(string taskId, JsonObject table)
    {
        var name = $"silver.{table["table"]}";
        return Counts(table, "rowsDropped").Select(count => new QualityIssue(name, count.Key, "info", count.Rows, "dropped", $"{taskId} dropped rows: {count.Key}"))
            .Concat(Counts(table, "valuesImputed").Select(count => new QualityIssue(name, $"missing_{count.Key}", "info", count.Rows, "imputed", $"{taskId} filled in missing {count.Key}")));
    }

    private static IEnumerable<(string Key, long Rows)> Counts(JsonObject table, string member) =>
        (table[member] as JsonObject ?? []).Where(count => count.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number).Select(count => (count.Key, count.Value!.GetValue<long>())).Where(count => count.Item2 > 0);

    private static string Quoted(string field) => field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
