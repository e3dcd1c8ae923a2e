using System.Diagnostics;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcomWorkflows.Orchestration.Tests.Faults;

/// <summary>T1–T3: real processes, killed and stopped from outside and by themselves. ECOM_LONG_TESTS does many more.</summary>
public sealed class When_workers_are_killed(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ECOM_LONG_TESTS") is { Length: > 0 };

    [Fact]
    public async Task Killed_at_random_moments_they_leave_nothing_undone_and_nothing_done_twice()
    {
        var kills = IsLong ? 200 : 8;
        await using var site = await FaultSite.CreateAsync();
        var random = new Random(1);
        for (var i = 0; i < kills; i++)
        {
            await site.CreateRunAsync(layers: 3, width: 3);
            await using var worker = WorkerProcess.Start(site.Database);
            // Every fourth dies before it has said a word: often before its first heartbeat.
            if (i % 4 > 0)
                await worker.ReadyAsync();
            await Task.Delay(random.Next(0, 400));
            worker.Kill();
        }
        await using var last = WorkerProcess.Start(site.Database);
        await site.WaitAsync();

        await site.MustHoldAsync();
        output.WriteLine($"{kills} kills, {await site.LostAsync()} attempts lost their worker");
    }

    [Fact]
    public async Task Killed_before_or_after_any_database_command_they_leave_nothing_undone_and_nothing_done_twice()
    {
        await using var site = await FaultSite.CreateAsync();
        var (lost, step) = (0L, IsLong ? 1 : 9);
        for (var command = 2; command < 90; command += step)
        {
            await site.CreateRunAsync(layers: 2, width: 2);
            await using var worker = WorkerProcess.Start(site.Database, command, diesAfter: command % 2 == 0);
            var watch = Stopwatch.StartNew();
            // Once everything is done there may be too few commands left to die at.
            while (!await site.IsFinishedAsync() && watch.Elapsed < TimeSpan.FromMinutes(1) && !await ExitedAsync(worker))
            {
            }
            worker.Kill();
        }
        await using var last = WorkerProcess.Start(site.Database);
        await site.WaitAsync();

        await site.MustHoldAsync();
        lost = await site.LostAsync();
        output.WriteLine($"{lost} attempts lost their worker");
        lost.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task One_that_was_stopped_past_its_lease_writes_nothing_when_it_goes_on()
    {
        await using var site = await FaultSite.CreateAsync();
        var run = await site.CreateRunAsync(layers: 1, width: 4, lines: 20, millisecondsPerLine: 50);
        await using var sleeper = WorkerProcess.Start(site.Database);
        await sleeper.ReadyAsync();
        var watch = Stopwatch.StartNew();
        while (await site.ScalarAsync<long>("select count(*) from orchestration.task_attempt where state = 'running'") < 4)
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
        sleeper.Stop();
        var before = await site.ScalarAsync<long>("select max(attempt_id) from orchestration.task_attempt");
        await using var other = WorkerProcess.Start(site.Database);
        await site.WaitAsync();
        sleeper.Continue();
        // It sees that it has lost its attempts, comes back as a node and takes up new work.
        other.Kill();
        await site.CreateRunAsync(layers: 1, width: 1);
        await site.WaitAsync();

        await site.MustHoldAsync();
        (await site.ScalarAsync<long>($"select count(*) from public.published where run_id = {run} and attempt_id <= {before}")).ShouldBe(0, "publishes of attempts that were taken away");
        (await site.LostAsync()).ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task One_that_is_stopped_in_a_transaction_holds_up_the_others_for_seconds_only()
    {
        await using var site = await FaultSite.CreateAsync();
        await site.CreateRunAsync(layers: 20, width: 4, lines: 3, millisecondsPerLine: 1);
        await using var sleeper = WorkerProcess.Start(site.Database);
        await sleeper.ReadyAsync();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            sleeper.Stop();
            if (await HoldsLocksAsync(site))
                break;
            sleeper.Continue();
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), "the worker is in a transaction most of the time");
        }
        await using var other = WorkerProcess.Start(site.Database);
        await site.WaitAsync();
        sleeper.Continue();
        await site.CreateRunAsync(layers: 1, width: 1);
        await site.WaitAsync();

        await site.MustHoldAsync();
    }

    /// <summary>Whether a stopped worker sits in a transaction that holds the lock of the queue.</summary>
    private static async Task<bool> HoldsLocksAsync(FaultSite site)
    {
        // What the server had to do when the worker was stopped, it does first.
        await Task.Delay(50);
        return await site.ScalarAsync<bool>(
            """
            select exists (
              select
              from pg_stat_activity a
              join pg_locks l using (pid)
              where a.datname = current_database()
                and a.state = 'idle in transaction'
                and a.application_name = 'fault-worker'
                and l.locktype = 'advisory')
            """);
    }

    private static async Task<bool> ExitedAsync(WorkerProcess worker)
    {
        try
        {
            await worker.EndAsync(TimeSpan.FromMilliseconds(50));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
