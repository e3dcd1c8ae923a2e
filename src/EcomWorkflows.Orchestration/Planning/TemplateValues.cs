using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What templates can name.</summary>
public sealed record TemplateValues(
    string DagId,
    string RunKey,
    string TaskId,
    int TryNumber,
    DateTimeOffset LogicalDate,
    DateTimeOffset DataIntervalStart,
    DateTimeOffset DataIntervalEnd,
    JsonObject Params);
