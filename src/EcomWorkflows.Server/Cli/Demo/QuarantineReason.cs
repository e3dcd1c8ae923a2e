using System.Text.Json.Nodes;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>How many rows a task has set aside for one reason.</summary>
internal sealed record QuarantineReason(string Task, string Reason, long Rows)
{
    /// <summary>The reasons among a task's outputs, the most frequent first.</summary>
    public static IEnumerable<QuarantineReason> Read(string taskId, JsonObject outputs) =>
        outputs["quarantinedByReason"] is JsonObject reasons
            ? reasons.Select(reason => new QuarantineReason(taskId, reason.Key, reason.Value!.GetValue<long>())).OrderByDescending(reason => reason.Rows)
            : [];
}
