using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>What DuckDB said of a check it refused, without the statement we built around it.</summary>
internal static class CheckFailure
{
    public static string Words(DuckDbException problem) => string.Join(
        ' ',
        problem.Message.Split('\n', StringSplitOptions.TrimEntries)
            .TakeWhile(line => !line.StartsWith("LINE ", StringComparison.Ordinal) && !line.StartsWith("SQL:", StringComparison.Ordinal))
            .Where(line => line.Length > 0));
}
