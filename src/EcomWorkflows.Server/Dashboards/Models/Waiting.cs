using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Says why a task instance is not running yet.</summary>
internal static class Waiting
{
    /// <summary>One sentence per waiting instance, by task id.</summary>
    public static IReadOnlyDictionary<string, string> Reasons(RunView view, DagInfo dag, DateTimeOffset now)
    {
        var byTask = view.Instances.GroupBy(i => i.TaskId).ToDictionary(same => same.Key, same => same.First());
        var reasons = new Dictionary<string, string>();
        foreach (var instance in view.Instances)
        {
            if (Reason(view, dag, byTask, instance, now) is { } reason)
                reasons[instance.TaskId] = reason;
        }
        return reasons;
    }

    private static string? Reason(RunView view, DagInfo dag, Dictionary<string, TaskInstanceInfo> byTask, TaskInstanceInfo instance, DateTimeOffset now) => instance.State switch
    {
        "none" when view.Run.State == "queued" => dag.IsPaused ? "The DAG is paused." : "The run waits for a place under the DAG's max active runs.",
        "none" when view.Run.State == "running" => Upstreams(view, byTask, instance),
        "queued" => $"Waits for a free slot of pool {instance.Pool} on a node.",
        "up_for_retry" when instance.NotBefore is { } due => due > now ? $"Next try in {Show.Duration(due - now)}." : "Its next try is due.",
        _ => null,
    };

    private static string? Upstreams(RunView view, Dictionary<string, TaskInstanceInfo> byTask, TaskInstanceInfo instance)
    {
        var open = view.Graph.Upstream(instance.TaskId).Where(id => byTask[id].State is not ("success" or "failed" or "skipped" or "upstream_failed" or "removed")).ToList();
        return open.Count == 0 ? null : $"Waits for {string.Join(", ", open.Take(3))}{(open.Count > 3 ? $" and {open.Count - 3} more" : "")}.";
    }
}
