using System.Text.Json;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Ranges of the settings every task has.</summary>
internal static class TaskSettingsValidator
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static IEnumerable<DagProblem> Problems(DagTask task)
    {
        var settings = task.Settings;
        if (settings.Retries is < 0 or > 1000)
            yield return Out("retries", settings.Retries, "0 to 1000");
        if (settings.RetryDelay < TimeSpan.Zero || settings.RetryDelay > Week)
            yield return Out("retryDelaySeconds", settings.RetryDelay.TotalSeconds, "0 to 604800 (a week)");
        if (!(settings.RetryFactor is >= 1 and <= 100))
            yield return Out("retryFactor", settings.RetryFactor, "1 (fixed delay) to 100");
        if (settings.MaxRetryDelay is { } longest && (longest <= TimeSpan.Zero || longest > Week))
            yield return Out("maxRetryDelaySeconds", longest.TotalSeconds, "more than 0, at most 604800 (a week), or leave it out");
        if (settings.InfraRetries is < 0 or > 1000)
            yield return Out("infraRetries", settings.InfraRetries, "0 to 1000");
        if (settings.Timeout is { } limit && (limit <= TimeSpan.Zero || limit > TimeSpan.FromDays(30)))
            yield return Out("timeoutSeconds", limit.TotalSeconds, "more than 0, at most 2592000 (30 days), or leave it out for no limit");
        if (!Enum.IsDefined(settings.TriggerRule))
            yield return Out("triggerRule", settings.TriggerRule, "one of the trigger rules");
        if (!DagValidator.IsId(settings.Pool))
            yield return Out("pool", settings.Pool, $"a pool's name ({DagValidator.AllowedId})");
        if (settings.PoolSlots is < 1 or > 10_000)
            yield return Out("poolSlots", settings.PoolSlots, "1 to 10000");
        if (settings.PriorityWeight is < -1_000_000 or > 1_000_000)
            yield return Out("priorityWeight", settings.PriorityWeight, "-1000000 to 1000000");
        if (!Enum.IsDefined(settings.PriorityRule))
            yield return Out("priorityRule", settings.PriorityRule, "Own, Downstream or Upstream");
        if (settings.MaxActiveInstances is < 1 or > 100_000)
            yield return Out("maxActiveInstances", settings.MaxActiveInstances, "1 to 100000, or leave it out for no cap");
        if (settings.MaxActiveInstancesPerRun is < 1 or > 100_000)
            yield return Out("maxActiveInstancesPerRun", settings.MaxActiveInstancesPerRun, "1 to 100000, or leave it out for no cap");
        if (settings.MemoryLimitMegabytes is < 64 or > 1_048_576)
            yield return Out("memoryLimitMegabytes", settings.MemoryLimitMegabytes, "64 to 1048576, or leave it out for no limit");
        if (settings is { MemoryLimitMegabytes: not null, Isolation: not TaskIsolation.Process })
            yield return new DagProblem(Place("memoryLimitMegabytes"), "A memory limit needs a process of its own. Set isolation to process, or leave the limit out.");
        if (settings is { IsSetup: true, IsTeardown: true })
            yield return new DagProblem(Place("isTeardown"), "A task is a setup or a teardown, not both. Clear isSetup or isTeardown.");
        if (settings is { IsTeardown: true, TriggerRule: not (TriggerRule.AllSuccess or TriggerRule.AllDoneSetupSuccess) })
            yield return new DagProblem(Place("triggerRule"), "A teardown runs when its upstreams are done and a setup succeeded (all_done_setup_success). Leave triggerRule out.");
        if (settings is { HandlesFailure: true, IsTeardown: false } && !RunsAfterFailure(settings.TriggerRule))
        {
            yield return new DagProblem(
                Place("handlesFailure"), $"With the trigger rule {JsonNamingPolicy.SnakeCaseLower.ConvertName(settings.TriggerRule.ToString())} the task never runs after a failure. Use one_failed, all_failed, all_done, one_done, one_success, none_skipped, all_done_min_one_success or always.");
        }

        string Place(string setting) => $"task '{task.TaskId}'.{setting}";
        DagProblem Out(string setting, object? value, string allowed) => new(Place(setting), $"{value} is out of range. Use {allowed}.");
    }

    private static bool RunsAfterFailure(TriggerRule rule) => rule is TriggerRule.OneFailed or TriggerRule.AllFailed or TriggerRule.AllDone or TriggerRule.OneDone
        or TriggerRule.OneSuccess or TriggerRule.NoneSkipped or TriggerRule.AllDoneMinOneSuccess or TriggerRule.AllDoneSetupSuccess or TriggerRule.Always;
}
