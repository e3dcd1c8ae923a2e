using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A wish for a new run.</summary>
/// <param name="RunType"><c>manual</c>, <c>scheduled</c>, <c>backfill</c> or <c>asset_triggered</c>.</param>
/// <param name="RunKey">Name inside the DAG; null makes <c>{run type}__{logical date}</c>.</param>
/// <param name="BackfillId">The backfill it belongs to; such a run does not count against the DAG's <c>max_active_runs</c>, its backfill has a limit of its own.</param>
public sealed record RunRequest(
    string DagId,
    string RunType,
    DateTimeOffset LogicalDate,
    DateTimeOffset DataIntervalStart,
    DateTimeOffset DataIntervalEnd,
    JsonObject? Params,
    string Actor,
    string? RunKey = null,
    string? Note = null,
    long? BackfillId = null)
{
    /// <summary>The run's name inside its DAG.</summary>
    internal string Key => RunKey ?? $"{RunType}__{LogicalDate.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFZ}";
}
