using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Storage;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>
/// Keeps one Quartz trigger at the time the next DAG is due, and sets wake-ups for retries, one per second however many are due in it. Quartz is exact but slow, so
/// it announces that something is due; what it is, the database says.
/// </summary>
public sealed class DagScheduler(ISchedulerFactory schedulers, ScheduleStore schedules, DagTicker ticker, TimeProvider time) : IWakeUps
{
    private const string WakeUpGroup = "wake-up";
    private const string TickGroup = "dag-tick";

    /// <summary>Creates what is due now and sets the trigger for what is due next.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken) => await SyncAsync(await schedulers.GetScheduler(cancellationToken), cancellationToken);

    /// <summary>As <see cref="SyncAsync(CancellationToken)"/>, for a job that has its scheduler at hand.</summary>
    internal async Task SyncAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        await ticker.TickAsync(cancellationToken);
        // What is due and still waiting is held back by its DAG's limits: the sweep looks after that.
        if (await schedules.NextDueAsync(cancellationToken) is not { } next || next <= time.GetUtcNow())
            return;
        var trigger = TriggerBuilder.Create()
            .WithIdentity($"tick-{next.ToUnixTimeMilliseconds()}", TickGroup)
            .ForJob(DagTickJob.Key)
            .StartAt(OnMachineClock(next))
            .Build();
        if (!await scheduler.Exists(trigger.Key, cancellationToken))
            await scheduler.ScheduleJob(trigger, ScheduleJobOptions.Replacing, cancellationToken);
    }

    public async Task AtAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var second = at.ToUnixTimeMilliseconds() / 1000 + 1;
        var trigger = TriggerBuilder.Create()
            .WithIdentity($"wake-{second}", WakeUpGroup)
            .ForJob(WakeUpJob.Key)
            .StartAt(OnMachineClock(DateTimeOffset.FromUnixTimeSeconds(second)))
            .Build();
        if (!await scheduler.Exists(trigger.Key, cancellationToken))
            await scheduler.ScheduleJob(trigger, ScheduleJobOptions.Replacing, cancellationToken);
    }

    /// <summary>Makes the jobs that always exist, and removes those of earlier versions: one per DAG.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var old in (await scheduler.QueryJobs(new JobQuery { Group = GroupMatcher<JobKey>.GroupEquals(TickGroup) }, cancellationToken)).Items)
            await scheduler.DeleteJob(old.Key, cancellationToken);
        await scheduler.AddJob(JobBuilder.Create<WakeUpJob>().WithIdentity(WakeUpJob.Key).StoreDurably().Build(), AddJobOptions.Replacing, cancellationToken);
        await scheduler.AddJob(JobBuilder.Create<DagTickJob>().WithIdentity(DagTickJob.Key).StoreDurably().Build(), AddJobOptions.Replacing, cancellationToken);
        await scheduler.ScheduleJob(
            JobBuilder.Create<SyncJob>().WithIdentity(SyncJob.Key).StoreDurably().Build(),
            [TriggerBuilder.Create().WithIdentity("sync", "orchestrator").WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromMinutes(1)).RepeatForever()).Build()],
            ScheduleJobOptions.Replacing, cancellationToken);
    }

    /// <summary>Quartz reads the machine's clock.</summary>
    private DateTimeOffset OnMachineClock(DateTimeOffset moment) => time is DatabaseTime following ? following.OnMachineClock(moment) : moment;
}
