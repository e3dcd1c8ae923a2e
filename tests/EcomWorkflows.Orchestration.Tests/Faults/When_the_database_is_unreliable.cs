using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcomWorkflows.Orchestration.Tests.Faults;

/// <summary>T4 and T5: connections that end under load, commits whose reply is lost.</summary>
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
        await using var proxy = new UnreliableProxy(site.Database, oneIn: 9);
        await using var worker = WorkerProcess.Start(proxy.ConnectionString);
        await site.WaitAsync();

        await site.MustHoldAsync();
        output.WriteLine($"{proxy.Dropped} replies lost");
        proxy.Dropped.ShouldBeGreaterThan(0);
    }
}
