using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Scheduling;

public sealed class DagScheduleTests
{
    [Theory]
    [InlineData("0 3 * * *", "2026-11-21T10:00Z", "2026-11-20T03:00Z", "2026-11-21T03:00Z")]
    [InlineData("@hourly", "2026-11-21T10:30Z", "2026-11-21T09:00Z", "2026-11-21T10:00Z")]
    [InlineData("0 0 3 * * ?", "2026-11-21T02:59Z", "2026-11-19T03:00Z", "2026-11-20T03:00Z")]
    [InlineData("@monthly", "2026-11-21T10:00Z", "2026-10-01T00:00Z", "2026-11-01T00:00Z")]
    [InlineData("0 3 29 2 *", "2026-11-21T10:00Z", "2020-02-29T03:00Z", "2024-02-29T03:00Z")]
    public void The_last_complete_interval_ends_at_the_last_fire_time(string schedule, string now, string start, string end)
    {
        var interval = Schedule(schedule).LastComplete(DateTimeOffset.Parse(now)).ShouldNotBeNull();

        interval.Start.ShouldBe(DateTimeOffset.Parse(start));
        interval.End.ShouldBe(DateTimeOffset.Parse(end));
    }

    [Fact]
    public void Several_crons_make_one_run_per_instant()
    {
        var schedule = Schedule("0 3 * * *", "0 3,15 * * *");

        schedule.NextAfter(DateTimeOffset.Parse("2026-11-21T02:00Z")).ShouldBe(DateTimeOffset.Parse("2026-11-21T03:00Z"));
        schedule.NextAfter(DateTimeOffset.Parse("2026-11-21T03:00Z")).ShouldBe(DateTimeOffset.Parse("2026-11-21T15:00Z"));
    }

    [Theory]
    [InlineData("every 15m", "2026-11-21T10:07Z", "2026-11-21T10:15Z")]
    [InlineData("every 1h30m", "2026-11-21T10:07Z", "2026-11-21T10:30Z")]
    [InlineData("every 1d", "2026-11-21T10:07Z", "2026-11-22T00:00Z")]
    [InlineData("Every 2W", "2026-11-21T10:07Z", "2026-11-23T00:00Z")]
    [InlineData("every 90s", "2026-11-21T10:07Z", "2026-11-21T10:07:30Z")]
    public void A_fixed_interval_counts_from_a_monday_when_there_is_no_start_date(string schedule, string after, string next) =>
        Schedule(schedule).NextAfter(DateTimeOffset.Parse(after)).ShouldBe(DateTimeOffset.Parse(next));

    [Fact]
    public void A_schedule_is_read_in_its_time_zone() =>
        DagSchedule.Create(new DagSettings { Schedule = ["0 3 * * *"], TimeZone = "Europe/Berlin" })!
            .NextAfter(DateTimeOffset.Parse("2026-07-01T00:00Z")).ShouldBe(DateTimeOffset.Parse("2026-07-01T01:00Z"));

    [Theory]
    [InlineData("61 3 * * *")]
    [InlineData("every day")]
    [InlineData("@dayly")]
    [InlineData("0 0 30 2 *")]
    [InlineData("@once")]
    [InlineData("every")]
    [InlineData("every 0m")]
    [InlineData("every 15 minutes")]
    [InlineData("every 400d")]
    [InlineData("every 1m1h")]
    [InlineData("")]
    [InlineData("0 0 * FEBRUAR *")]
    [InlineData("0 0 * JANX *")]
    [InlineData("0 0 * JAN-MARCH *")]
    [InlineData("0 0 * * MONDAY")]
    [InlineData("0 0 0 ? * SAX 2030")]
    public void A_bad_schedule_is_refused_with_what_is_allowed(string schedule) =>
        Should.Throw<ScheduleException>(() => Schedule(schedule)).Message.ShouldContain("Allowed: five-field cron");

    [Theory]
    [InlineData("0 0 1 jan,Feb-APR/2 *")]
    [InlineData("0 0 * * mon-FRI")]
    [InlineData("0 0 0 L * ?")]
    [InlineData("0 0 0 LW JAN ? 2030")]
    [InlineData("0 0 0 ? * 6L")]
    [InlineData("0 0 0 ? * FRIL")]
    [InlineData("0 0 6 ? * MON#1")]
    public void Names_of_months_and_weekdays_are_read(string schedule) => Schedule(schedule).NextAfter(DateTimeOffset.Parse("2026-11-21T10:07Z")).ShouldNotBeNull();

    [Fact]
    public void An_unknown_time_zone_is_refused() =>
        Should.Throw<ScheduleException>(() => DagSchedule.Create(new DagSettings { Schedule = ["@daily"], TimeZone = "Mars/Base" })).Message.ShouldContain("Mars/Base");

    [Fact]
    public void Without_catch_up_only_the_latest_missing_interval_is_due()
    {
        var due = Due(catchup: false, start: "2026-01-01T00:00Z", last: "2026-11-10T03:00Z", now: "2026-11-21T10:00Z");

        due.ShouldHaveSingleItem().Start.ShouldBe(DateTimeOffset.Parse("2026-11-20T03:00Z"));
        Due(catchup: false, start: "2026-01-01T00:00Z", last: "2026-11-20T03:00Z", now: "2026-11-21T10:00Z").ShouldBeEmpty();
    }

    [Fact]
    public void With_catch_up_every_missing_interval_is_due_oldest_first()
    {
        var due = Due(catchup: true, start: "2026-11-01T00:00Z", last: null, now: "2026-11-05T10:00Z");

        due.Select(d => d.Start.Day).ShouldBe([1, 2, 3, 4]);
        Due(catchup: true, start: "2026-11-01T00:00Z", last: "2026-11-03T03:00Z", now: "2026-11-05T10:00Z").Select(d => d.Start.Day).ShouldBe([4]);
    }

    [Fact]
    public void A_new_dag_without_start_date_creates_nothing_for_the_past()
    {
        Due(catchup: false, start: null, last: null, now: "2026-11-21T10:00Z", imported: "2026-11-21T09:00Z").ShouldBeEmpty();
        Due(catchup: true, start: null, last: null, now: "2026-11-21T10:00Z", imported: "2026-11-21T09:00Z").ShouldBeEmpty();
        Due(catchup: false, start: null, last: null, now: "2026-11-22T03:00Z", imported: "2026-11-21T09:00Z")
            .ShouldHaveSingleItem().End.ShouldBe(DateTimeOffset.Parse("2026-11-22T03:00Z"));
    }

    private static IReadOnlyList<DataInterval> Due(bool catchup, string? start, string? last, string now, string imported = "2026-01-01T00:00Z")
    {
        var schedule = Schedule("0 3 * * *");
        var newest = last is null ? default(DataInterval?) : schedule.FirstFrom(DateTimeOffset.Parse(last));
        return DueRuns.Decide(
            schedule, new DagSettings { Catchup = catchup, StartDate = start is null ? null : DateTimeOffset.Parse(start) },
            new SlotCursor(DateTimeOffset.Parse(imported), null, newest), DateTimeOffset.Parse(now), free: 16).Slots;
    }

    private static DagSchedule Schedule(params string[] schedule) => DagSchedule.Create(new DagSettings { Schedule = schedule }).ShouldNotBeNull();
}
