using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Checks the failures that <c>retryOn</c> and <c>neverRetryOn</c> name.</summary>
internal static partial class RetryRuleValidator
{
    public static IEnumerable<DagProblem> Problems(DagTask task) =>
        [.. Of(task, "retryOn", task.Settings.RetryOn), .. Of(task, "neverRetryOn", task.Settings.NeverRetryOn)];

    private static IEnumerable<DagProblem> Of(DagTask task, string setting, IReadOnlyList<string> kinds)
    {
        var causes = StateNames.All<FailureCause>();
        foreach (var kind in kinds.Where(kind => !causes.Contains(kind) && !TypeName().IsMatch(kind)))
        {
            yield return new DagProblem(
                $"task '{task.TaskId}'.{setting}",
                $"'{kind}' is neither a cause nor an exception type.{Suggestion.For(kind, causes)} Causes: {string.Join(", ", causes)}; types are written like TimeoutException or System.TimeoutException.");
        }
        if (setting == "retryOn" && kinds.Contains(FailureCause.Cancelled.ToWire()))
            yield return new DagProblem($"task '{task.TaskId}'.{setting}", "What was cancelled is never tried again by itself. Leave 'cancelled' out.");
    }

    [GeneratedRegex(@"^([A-Za-z_][A-Za-z0-9_]*\.)*[A-Z][A-Za-z0-9_]*\z")]
    private static partial Regex TypeName();
}
