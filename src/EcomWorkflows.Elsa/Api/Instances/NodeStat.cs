using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>The numbers behind a node's badge; which badge Studio draws is decided by the first that holds: faulted, blocked, running, completed, else a grey 0.</summary>
internal sealed record NodeStat(
    string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, JsonObject Metadata);
