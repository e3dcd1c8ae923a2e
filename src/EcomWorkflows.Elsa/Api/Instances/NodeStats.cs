using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Badges from the states of task instances: pure arithmetic.</summary>
internal static class NodeStats
{
    /// <summary>The numbers of a node; null where nothing has happened to it yet. Mapped instances count together; a group counts as one.</summary>
    public static NodeStat? Of(InstanceView view, DagNode node)
    {
        var instances = view.Of(node).ToList();
        if (!instances.Exists(HasRecords))
            return null;
        var failed = instances.Exists(HasFailed);
        var waiting = instances.Exists(IsWaiting);
        var (started, completed, uncompleted) = node.TaskId is null
            ? Group(instances)
            : (instances.Sum(Tries), instances.Count(i => i.State == "success"), instances.Count(i => i.State is "running" or "restarting" || IsWaiting(i)));
        return new NodeStat(
            node.ActivityId, node.NodeId, started, completed, uncompleted, waiting, failed,
            instances.Exists(WasRetried) ? new JsonObject { ["HasRetryAttempts"] = true } : []);
    }

    /// <summary>Whether the instance has a record: an attempt, or a decision that it needs none. One that was cleared and waits anew has none.</summary>
    public static bool HasRecords(TaskInstanceInfo instance) => instance.State switch
    {
        "none" or "scheduled" => false,
        "queued" => instance.TryNumber > 1,
        _ => true,
    };

    /// <summary>Whether the instance ended without an attempt of its own.</summary>
    public static bool WasDecided(TaskInstanceInfo instance) =>
        instance.State is "skipped" or "upstream_failed" or "removed" or "success" or "failed";

    public static bool IsWaiting(TaskInstanceInfo instance) => instance.State is "up_for_reschedule" or "deferred" or "awaiting_input";

    private static bool HasFailed(TaskInstanceInfo instance) => instance.State == "failed" && instance.Cause != "cancelled";

    private static int Tries(TaskInstanceInfo instance) => instance.State switch
    {
        "skipped" or "upstream_failed" or "removed" => 0,
        "queued" => instance.TryNumber - 1,
        _ => instance.TryNumber,
    };

    private static bool WasRetried(TaskInstanceInfo instance) =>
        instance.State == "up_for_retry" || (HasRecords(instance) && instance.UserTries + instance.InfraTries > (instance.State == "failed" ? 1 : 0));

    private static (int Started, int Completed, int Uncompleted) Group(List<TaskInstanceInfo> instances)
    {
        var open = instances.Exists(i => i.State is not ("success" or "failed" or "skipped" or "upstream_failed" or "removed"));
        return open ? (1, 0, 1) : instances.Exists(i => i.State is "success" or "failed") ? (1, 1, 0) : (0, 0, 0);
    }
}
