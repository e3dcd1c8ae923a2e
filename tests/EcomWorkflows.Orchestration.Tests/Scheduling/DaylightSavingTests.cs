using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Scheduling;

/// <summary>Every cron, zone, transition and policy against a scan of every minute.</summary>
public sealed class DaylightSavingTests
{
    /// <summary>Berlin and New York change by an hour, on different days; Lord Howe by half an hour, in the other half of the year.</summary>
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

    private static readonly string[] Crons =
    [
        "0 * * * *", "30 * * * *", "*/15 * * * *", "0 0-23 * * *", "0 */2 * * *", "30 1-3 * * *", "0 1 * * *", "30 1 * * *", "45 1 * * *", "0 2 * * *", "15 2 * * *",
        "30 2 * * *", "59 2 * * *", "0 3 * * *", "0 7,9 * * *", "*/10 2 * * *", "* 2 * * *", "*/20 1,2 * * *", "0 0 * * *", "59 23 * * *", "30 2 * * 0", "30 2 29 3 *",
        "30 2 * 3 *", "0 3 28 * 0", "30 2 1 * *", "5 0-3/3 * * 1-5", "0,30 1,2,3 * 3,4,10,11 *",
    ];

    [Fact]
    public void Every_cron_zone_transition_and_policy_fires_as_a_scan_of_every_minute_says()
    {
        var compared = 0;
        foreach (var zone in Zones.Select(TimeZoneInfo.FindSystemTimeZoneById))
        {
            foreach (var transition in Transitions(zone, 2026))
            {
                foreach (var cron in Crons)
                {
                    foreach (var (skipped, repeated) in Policies())
                    {
                        Compare(cron, zone, transition, skipped, repeated);
                        compared++;
                    }
                }
            }
        }
        compared.ShouldBe(Zones.Length * 2 * Crons.Length * 6);
    }

    [Fact]
    public void Random_crons_fire_as_a_scan_of_every_minute_says() => Prop.ForAll(
        Arb.From(
            from minute in Gen.Elements("*", "0", "30", "59", "*/7", "15,45", "10-20/5")
            from hour in Gen.OneOf(Gen.Elements("*", "*/2", "0-23", "1-4", "*/5"), Gen.Choose(0, 23).Select(h => $"{h}"), Gen.Choose(0, 3).Two().Select(p => $"{p.Item1},{p.Item2 + 1}"))
            from day in Gen.Frequency((3, Gen.Constant("*")), (1, Gen.Choose(1, 31).Select(d => $"{d}")))
            from month in Gen.Frequency((3, Gen.Constant("*")), (1, Gen.Elements("3", "10,11", "4-10")))
            from weekday in Gen.Frequency((3, Gen.Constant("*")), (1, Gen.Elements("0", "1-5", "6,0")))
            from zone in Gen.Elements(Zones)
            from which in Gen.Choose(0, 1)
            from year in Gen.Choose(2024, 2035)
            from skipped in Gen.Elements(Enum.GetValues<SkippedTime>())
            from repeated in Gen.Elements(Enum.GetValues<RepeatedTime>())
            select (Cron: $"{minute} {hour} {day} {month} {weekday}", zone, which, year, skipped, repeated)),
        c =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(c.zone);
            Compare(c.Cron, zone, Transitions(zone, c.year).ElementAt(c.which), c.skipped, c.repeated);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("30 2 * * *", SkippedTime.Shift, RepeatedTime.First, "2026-03-29T01:00Z")]
    [InlineData("30 2 * * *", SkippedTime.Skip, RepeatedTime.First, "2026-03-30T00:30Z")]
    public void A_time_that_does_not_exist_is_shifted_or_skipped(string cron, SkippedTime skipped, RepeatedTime repeated, string next) =>
        Make(cron, "Europe/Berlin", skipped, repeated).NextAfter(DateTimeOffset.Parse("2026-03-28T12:00Z")).ShouldBe(DateTimeOffset.Parse(next));

    [Theory]
    [InlineData(RepeatedTime.First, "2026-10-25T00:30Z", "2026-10-26T01:30Z")]
    [InlineData(RepeatedTime.Last, "2026-10-25T01:30Z", "2026-10-26T01:30Z")]
    [InlineData(RepeatedTime.Both, "2026-10-25T00:30Z", "2026-10-25T01:30Z")]
    public void A_time_that_exists_twice_fires_at_the_first_the_last_or_both(RepeatedTime repeated, string first, string second)
    {
        var schedule = Make("30 2 * * *", "Europe/Berlin", SkippedTime.Shift, repeated);

        schedule.NextAfter(DateTimeOffset.Parse("2026-10-24T12:00Z")).ShouldBe(DateTimeOffset.Parse(first));
        schedule.NextAfter(DateTimeOffset.Parse(first)).ShouldBe(DateTimeOffset.Parse(second));
    }

    [Fact]
    public void Every_hour_runs_in_elapsed_time_on_both_days()
    {
        var schedule = Make("0 * * * *", "Europe/Berlin", SkippedTime.Shift, RepeatedTime.First);
        foreach (var day in new[] { "2026-03-28T20:00Z", "2026-10-24T20:00Z" })
        {
            var start = DateTimeOffset.Parse(day);
            schedule.Upcoming(start).Take(12).Select(f => f.At).ShouldBe(Enumerable.Range(1, 12).Select(h => start.AddHours(h)));
        }
    }

    [Fact]
    public void A_fixed_interval_runs_in_elapsed_time_and_counts_from_the_start_date()
    {
        var schedule = DagSchedule.Create(new DagSettings
        {
            Schedule = ["every 36h"], TimeZone = "Europe/Berlin", StartDate = DateTimeOffset.Parse("2026-03-27T01:30Z"),
        }).ShouldNotBeNull();

        schedule.Upcoming(DateTimeOffset.Parse("2026-03-27T01:00Z")).Take(4).Select(f => f.At.ToString("MM-dd HH:mm"))
            .ShouldBe(["03-27 01:30", "03-28 13:30", "03-30 01:30", "03-31 13:30"]);
    }

    [Fact]
    public void A_zone_that_skips_a_whole_day_shifts_the_days_run_to_the_next()
    {
        // Samoa went from the 29th to the 31st of December 2011.
        var schedule = Make("0 6 * * *", "Pacific/Apia", SkippedTime.Shift, RepeatedTime.First);

        schedule.Upcoming(DateTimeOffset.Parse("2011-12-29T12:00Z")).Take(3).Select(f => f.At.UtcDateTime.ToString("MM-dd HH:mm"))
            .ShouldBe(["12-29 16:00", "12-30 10:00", "12-30 16:00"]);
    }

    [Fact]
    public void Coming_fire_times_say_what_is_special_about_them()
    {
        var schedule = Make("30 2 * * *", "Europe/Berlin", SkippedTime.Shift, RepeatedTime.Both);

        schedule.Upcoming(DateTimeOffset.Parse("2026-03-27T12:00Z")).Take(3).Select(f => f.Note).ShouldBe([null, "02:30 does not exist on 2026-03-29: shifted to 03:00", null]);
        schedule.Upcoming(DateTimeOffset.Parse("2026-10-24T12:00Z")).Take(3).Select(f => f.Note)
            .ShouldBe(["02:30 comes twice on 2026-10-25: this is the first", "02:30 comes twice on 2026-10-25: this is the second", null]);
        Make("30 2 * * *", "Europe/Berlin", SkippedTime.Skip, RepeatedTime.First).Upcoming(DateTimeOffset.Parse("2026-03-28T12:00Z")).First().Note
            .ShouldBe("02:30 does not exist on 2026-03-29: skipped");
    }

    private static void Compare(string cron, TimeZoneInfo zone, DateTimeOffset transition, SkippedTime skipped, RepeatedTime repeated)
    {
        var (from, until) = (transition.AddHours(-30), transition.AddHours(30));
        var schedule = Make(cron, zone.Id, skipped, repeated);

        var fires = schedule.Upcoming(from).Select(f => f.At).TakeWhile(t => t <= until).ToList();

        fires.ShouldBe(new BruteForceCron(cron, zone, skipped, repeated).Scan(from, until), $"{cron} in {zone.Id} around {transition:O}, {skipped}/{repeated}");
        if (fires.Count > 0)
            schedule.LastUntil(until).ShouldBe(fires[^1]);
    }

    private static IEnumerable<(SkippedTime, RepeatedTime)> Policies() =>
        from skipped in Enum.GetValues<SkippedTime>() from repeated in Enum.GetValues<RepeatedTime>() select (skipped, repeated);

    /// <summary>The changes of a year, found by walking it minute by minute.</summary>
    private static IEnumerable<DateTimeOffset> Transitions(TimeZoneInfo zone, int year)
    {
        for (var t = new DateTimeOffset(year, 1, 1, 0, 1, 0, TimeSpan.Zero); t.Year == year; t = t.AddMinutes(1))
        {
            if (zone.GetUtcOffset(t) != zone.GetUtcOffset(t.AddMinutes(-1)))
                yield return t;
        }
    }

    private static DagSchedule Make(string cron, string zone, SkippedTime skipped, RepeatedTime repeated) =>
        DagSchedule.Create(new DagSettings { Schedule = [cron], TimeZone = zone, SkippedTime = skipped, RepeatedTime = repeated }).ShouldNotBeNull();
}
