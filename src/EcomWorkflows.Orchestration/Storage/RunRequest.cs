using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A wish for a new run.</summary>
/// <param name="RunType"><c>manual</c>, <c>scheduled</c>, <c>backfill</c> or <c>asset_triggered</c>.</param>
/// <param name="RunKey">Name inside the DAG; null makes <c>{run type}__{logical date}</c>.</param>
public sealed record RunRequest(
    string DagId,
    string RunType,
    DateTimeOffset LogicalDate,
    DateTimeOffset DataIntervalStart,
    DateTimeOffset DataIntervalEnd,
    JsonObject? Params,
    string Actor,
    string? RunKey = null,
    string? Note = null);
