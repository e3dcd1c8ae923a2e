using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Many instances of one mapped task where there is room for one.</summary>
internal static class Mapped
{
    private static readonly string[] MostTellingFirst =
    [
        "failed", "upstream_failed", "running", "restarting", "up_for_retry", "awaiting_input", "deferred", "up_for_reschedule", "queued", "scheduled", "none", "success", "skipped", "removed",
    ];

    /// <summary>By task, the instance whose state tells most: one that failed before one that runs, that before one that is done.</summary>
    public static Dictionary<string, TaskInstanceInfo> ByTask(IEnumerable<TaskInstanceInfo> instances) =>
        instances.GroupBy(i => i.TaskId).ToDictionary(same => same.Key, MostTelling, StringComparer.Ordinal);

    public static TaskInstanceInfo MostTelling(IEnumerable<TaskInstanceInfo> instances) => instances.MinBy(i => Array.IndexOf(MostTellingFirst, i.State))!;

    /// <summary>The task's id, with the index where it is one of many.</summary>
    public static string Name(TaskInstanceInfo instance) => Name(instance.TaskId, instance);

    /// <summary>As the task is called, with the index where the instance is one of many.</summary>
    public static string Name(string task, TaskInstanceInfo instance) => instance.MapIndex < 0 ? task : $"{task} [{instance.MapIndex}]";
}
