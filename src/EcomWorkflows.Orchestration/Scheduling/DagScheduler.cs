using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Keeps Quartz's triggers in line with the DAGs' schedules and sets wake-ups for retries, one per second however many are due in it.</summary>
public sealed class DagScheduler(ISchedulerFactory schedulers, DagStore dags, DagTicker ticker, ILogger<DagScheduler> logger) : IWakeUps
{
    private const string WakeUpGroup = "wake-up";

    /// <summary>Sets, changes and removes triggers, then ticks every DAG once for what fell due while nobody listened.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken) => await SyncAsync(await schedulers.GetScheduler(cancellationToken), cancellationToken);

    /// <summary>As <see cref="SyncAsync(CancellationToken)"/>, for a job that has its scheduler at hand.</summary>
    internal async Task SyncAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var dag in await dags.ListAsync(cancellationToken))
        {
            try
            {
                await SyncAsync(scheduler, dag, cancellationToken);
                await ticker.TickAsync(dag.DagId, cancellationToken);
            }
            catch (OrchestrationException problem)
            {
                logger.LogError("DAG {DagId} cannot be scheduled: {Problem}", dag.DagId, problem.Message);
            }
        }
    }

    public async Task AtAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var second = at.ToUnixTimeMilliseconds() / 1000 + 1;
        var trigger = TriggerBuilder.Create()
            .WithIdentity($"wake-{second}", WakeUpGroup)
            .ForJob(WakeUpJob.Key)
            .StartAt(DateTimeOffset.FromUnixTimeSeconds(second))
            .Build();
        if (!await scheduler.Exists(trigger.Key, cancellationToken))
            await scheduler.ScheduleJob(trigger, ScheduleJobOptions.Replacing, cancellationToken);
    }

    /// <summary>Makes the jobs that always exist.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.AddJob(JobBuilder.Create<WakeUpJob>().WithIdentity(WakeUpJob.Key).StoreDurably().Build(), AddJobOptions.Replacing, cancellationToken);
        await scheduler.ScheduleJob(
            JobBuilder.Create<SyncJob>().WithIdentity(SyncJob.Key).StoreDurably().Build(),
            [TriggerBuilder.Create().WithIdentity("sync", "orchestrator").WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromMinutes(1)).RepeatForever()).Build()],
            ScheduleJobOptions.Replacing, cancellationToken);
    }

    private static async Task SyncAsync(IScheduler scheduler, DagInfo dag, DagSchedule? schedule, CancellationToken cancellationToken)
    {
        var key = new JobKey(dag.DagId, DagTickJob.Group);
        var triggers = (schedule?.QuartzExpressions ?? [])
            .Select((expression, i) => TriggerBuilder.Create()
                .WithIdentity($"{dag.DagId}:{i}", DagTickJob.Group)
                .ForJob(key)
                .WithCronSchedule(expression, cron => cron.InTimeZone(schedule!.TimeZone).WithMisfireInstruction(CronTriggerMisfireInstruction.SmartPolicy))
                .Build())
            .ToArray();
        if (triggers.Length == 0)
            await scheduler.DeleteJob(key, cancellationToken);
        else
            await scheduler.ScheduleJob(JobBuilder.Create<DagTickJob>().WithIdentity(key).Build(), triggers, ScheduleJobOptions.Replacing, cancellationToken);
    }

    private async Task SyncAsync(IScheduler scheduler, DagInfo dag, CancellationToken cancellationToken)
    {
        var settings = (await dags.GraphAsync(dag.DagId, dag.CurrentVersion, cancellationToken)).Dag.Settings;
        await SyncAsync(scheduler, dag, dag.IsActive ? DagSchedule.Create(settings) : null, cancellationToken);
    }
}
