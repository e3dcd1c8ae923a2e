using EcomWorkflows.Orchestration.Dags;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcomWorkflows.Orchestration.Tests.Scheduling;

/// <summary>T14: many DAGs on a minute cron in virtual time.</summary>
public sealed class When_a_thousand_dags_are_due(ITestOutputHelper output)
{
    [Fact]
    public async Task A_thousand_dags_due_in_the_same_minute_are_created_in_a_few_transactions()
    {
        await using var site = await SchedulingSite.CreateAsync("2026-11-21T10:00:00Z");
        for (var i = 0; i < 1000; i++)
            await site.ImportAsync(new DagSettings { Schedule = ["* * * * *"], StartDate = DateTimeOffset.Parse("2026-11-21T10:00Z") }, $"dag_{i:0000}");
        await site.TickAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();

        (await site.TickAtAsync("2026-11-21T10:01:00Z")).ShouldBe(1000);

        output.WriteLine($"1,000 runs created and started in {watch.ElapsedMilliseconds} ms");
        (await site.ScalarAsync<long>("select count(distinct dag_id) from orchestration.dag_run where state = 'running'")).ShouldBe(1000);
        (await site.ScalarAsync<long>("select count(distinct xmin::text) from orchestration.dag_run")).ShouldBeLessThanOrEqualTo(6, "transactions, not one per run");
    }

    [Fact]
    public async Task An_hour_of_a_minute_cron_makes_every_run_once_and_a_paused_day_is_caught_up_or_not()
    {
        const int Dags = 20;
        await using var site = await SchedulingSite.CreateAsync("2026-11-21T10:00:00Z");
        for (var i = 0; i < Dags; i++)
        {
            await site.ImportAsync(
                new DagSettings { Schedule = ["* * * * *"], StartDate = DateTimeOffset.Parse("2026-11-21T10:00Z"), Catchup = i % 2 == 0, MaxActiveRuns = 10_000 }, $"dag_{i:00}");
        }
        var random = new Random(14);
        for (var minute = 1; minute <= 60; minute++)
        {
            site.Time.Now = DateTimeOffset.Parse("2026-11-21T10:00Z").AddMinutes(minute).AddSeconds(random.Next(0, 59));
            await Task.WhenAll(Task.Run(site.TickAsync), Task.Run(site.TickAsync));
        }
        await site.TickAsync();
        (await MissingAsync(site, 60)).ShouldBe(0);
        (await site.ScalarAsync<long>("select count(*) from orchestration.dag_run")).ShouldBe(Dags * 60);

        await site.ExecuteAsync("update orchestration.dag set is_paused = true");
        (await site.TickAtAsync("2026-11-22T11:00:30Z")).ShouldBe(0);
        await site.ExecuteAsync("update orchestration.dag set is_paused = false");
        while (await site.TickAsync() > 0)
        {
        }

        (await site.ScalarAsync<long>("select count(*) from orchestration.dag_run where right(dag_id, 1)::int % 2 = 0")).ShouldBe(Dags / 2 * (60 + 24 * 60), "caught up");
        (await site.ScalarAsync<long>("select count(*) from orchestration.dag_run where right(dag_id, 1)::int % 2 = 1")).ShouldBe(Dags / 2 * 61, "the latest missed one only");
        (await site.ScalarAsync<long>("select count(*) from (select from orchestration.dag_run group by dag_id, logical_date having count(*) > 1) doubled")).ShouldBe(0);
        (await site.ScalarAsync<long>("select count(*) from orchestration.dag_run where data_interval_end > '2026-11-22T11:00:30Z'")).ShouldBe(0, "none early");
    }

    /// <summary>Slots of the first minutes that have no run.</summary>
    private static Task<long> MissingAsync(SchedulingSite site, int minutes) => site.ScalarAsync<long>(
        """
        select count(*)
        from orchestration.dag d
        cross join generate_series(timestamptz '2026-11-21T10:00Z', timestamptz '2026-11-21T10:00Z' + make_interval(mins => @minutes - 1), '1 minute') as slot
        where not exists (select from orchestration.dag_run r where r.dag_id = d.dag_id and r.logical_date = slot)
        """,
        new { minutes });
}
