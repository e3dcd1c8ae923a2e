using System.Diagnostics;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcomWorkflows.Orchestration.Tests.Faults;

/// <summary>T4, T5, T7 and T9: connections that end under load, commits whose reply is lost, networks that are cut, silent or slow, notifications that come more than once.</summary>
public sealed class When_the_database_is_unreliable(ITestOutputHelper output)
{
    [Fact]
    public async Task Runs_end_by_themselves_while_connections_are_cut_at_random()
    {
        await using var site = await FaultSite.CreateAsync();
        for (var i = 0; i < 4; i++)
            await site.CreateRunAsync(layers: 5, width: 4);
        await using var worker = WorkerProcess.Start(site.Database);
        await worker.ReadyAsync();
        var cut = 0L;
        while (!await site.IsFinishedAsync() && cut < 60)
        {
            cut += await site.ScalarAsync<long>(
                """
                select count(pg_terminate_backend(pid))
                from (
                  select pid from pg_stat_activity
                  where datname = current_database() and application_name not in ('', 'ecom')
                  order by random() limit 2
                ) unlucky
                """);
            await Task.Delay(150);
        }
        await site.WaitAsync();

        await site.MustHoldAsync();
        output.WriteLine($"{cut} connections cut");
        cut.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_commit_whose_reply_is_lost_is_done_once()
    {
        await using var site = await FaultSite.CreateAsync();
        for (var i = 0; i < 3; i++)
            await site.CreateRunAsync(layers: 4, width: 3);
        await using var proxy = new UnreliableProxy(site.Database, loses: 9);
        await using var worker = WorkerProcess.Start(proxy.ConnectionString);
        await site.WaitAsync();

        await site.MustHoldAsync();
        output.WriteLine($"{proxy.Dropped} replies lost");
        proxy.Dropped.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(nameof(NetworkState.Cut))]
    [InlineData(nameof(NetworkState.Silent))]
    public async Task A_node_without_its_network_loses_its_work_to_the_others_and_takes_part_again_when_it_is_back(string state)
    {
        await using var site = await FaultSite.CreateAsync();
        await site.CreateRunAsync(layers: 6, width: 4, lines: 3, millisecondsPerLine: 20);
        await using var proxy = new UnreliableProxy(site.Database);
        await using var apart = WorkerProcess.Start(proxy.ConnectionString);
        await apart.ReadyAsync();
        var watch = Stopwatch.StartNew();
        while (await site.ScalarAsync<long>("select count(*) from orchestration.task_attempt") < 4)
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));

        proxy.Become(Enum.Parse<NetworkState>(state));
        await using var other = WorkerProcess.Start(site.Database);
        await site.WaitAsync();
        other.Kill();
        proxy.Become(NetworkState.Good);
        await site.CreateRunAsync(layers: 2, width: 2);
        await site.WaitAsync();

        await site.MustHoldAsync();
    }

    [Fact]
    public async Task A_slow_network_costs_time_only()
    {
        await using var site = await FaultSite.CreateAsync();
        await site.CreateRunAsync(layers: 3, width: 4);
        await using var proxy = new UnreliableProxy(site.Database);
        proxy.Become(NetworkState.Slow);
        await using var worker = WorkerProcess.Start(proxy.ConnectionString);
        await site.WaitAsync();

        await site.MustHoldAsync();
        (await site.LostAsync()).ShouldBe(0);
    }

    [SmallDiskFact]
    public async Task Runs_go_on_by_themselves_when_a_full_disk_has_room_again()
    {
        using var disk = new SmallDisk(48);
        await using var site = await FaultSite.CreateAsync();
        var tablespace = $"small_{Guid.NewGuid():n}";
        await site.ExecuteAsync($"create tablespace {tablespace} location '{disk.FolderOf(await site.ScalarAsync<int>("select pg_backend_pid()"))}'");
        await site.ExecuteAsync("create table public.filler (text text not null)");
        await site.ExecuteAsync($"alter table all in tablespace pg_default set tablespace {tablespace}");
        await site.ExecuteAsync($"alter index all in tablespace pg_default set tablespace {tablespace}");
        for (var i = 0; i < 3; i++)
            await site.CreateRunAsync(layers: 4, width: 4, lines: 400, millisecondsPerLine: 1);
        await using (var worker = WorkerProcess.Start(site.Database))
        {
            await worker.ReadyAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (await site.ScalarAsync<long>("select count(*) from orchestration.attempt_log") == 0)
                await Task.Delay(20, patience.Token);

            disk.Fill();
            while (await CanGrowAsync(site))
            {
                patience.Token.ThrowIfCancellationRequested();
                disk.Fill();
            }
            await Task.Delay(TimeSpan.FromSeconds(4));
            (await site.IsFinishedAsync()).ShouldBeFalse();
            disk.Free();
            await site.WaitAsync();

            await site.MustHoldAsync();
        }
        await site.ExecuteAsync($"alter table all in tablespace {tablespace} set tablespace pg_default");
        await site.ExecuteAsync($"alter index all in tablespace {tablespace} set tablespace pg_default");
        await site.ExecuteAsync($"drop tablespace {tablespace}");
    }

    [Fact]
    public async Task Notifications_that_come_often_late_and_in_any_order_change_nothing()
    {
        await using var site = await FaultSite.CreateAsync();
        for (var i = 0; i < 3; i++)
            await site.CreateRunAsync(layers: 4, width: 4);
        await using var first = WorkerProcess.Start(site.Database);
        await using var second = WorkerProcess.Start(site.Database);
        var random = new Random(1);
        var sent = 0;
        while (!await site.IsFinishedAsync())
        {
            // Of attempts that have ended only: to be told to stop again is nothing new to those. One that runs would rightly stop.
            await site.ExecuteAsync(
                $"""
                select pg_notify(channel, payload)
                from (
                  values ('{Notifications.QueueChannel}', ''), ('{Notifications.DueChannel}', ''), ('{Notifications.RunChannel}', '1'),
                         ('{Notifications.FencedChannel}', coalesce((select max(attempt_id)::text from orchestration.task_attempt where state <> 'running'), '0'))
                ) as old (channel, payload)
                cross join generate_series(1, {random.Next(2, 6)})
                order by random()
                """);
            sent++;
            await Task.Delay(random.Next(0, 30));
        }
        await site.WaitAsync();

        await site.MustHoldAsync();
        sent.ShouldBeGreaterThan(5);
    }

    /// <returns>Whether a table finds room for further pages.</returns>
    private static async Task<bool> CanGrowAsync(FaultSite site)
    {
        try
        {
            await site.ExecuteAsync("insert into public.filler select repeat('x', 1500) from generate_series(1, 100)");
            return true;
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.DiskFull)
        {
            return false;
        }
    }
}
