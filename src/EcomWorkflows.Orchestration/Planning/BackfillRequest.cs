using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A wish for a backfill.</summary>
/// <param name="From">First logical date, inclusive.</param>
/// <param name="To">Last logical date, inclusive.</param>
/// <param name="Params">For every run; null: the DAG's defaults.</param>
/// <param name="MaxActiveRuns">Runs of it that may be active at once, 1 to 10,000; besides those of the DAG's own <c>max_active_runs</c>.</param>
public sealed record BackfillRequest(
    string DagId,
    DateTimeOffset From,
    DateTimeOffset To,
    JsonObject? Params = null,
    ReprocessBehavior Reprocess = ReprocessBehavior.None,
    bool RunBackwards = false,
    int MaxActiveRuns = BackfillRequest.DefaultMaxActiveRuns)
{
    public const int DefaultMaxActiveRuns = 10;
}
