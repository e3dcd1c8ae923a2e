using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake;

/// <summary>At noon of 21 November attempt 7 runs since yesterday morning, and attempt 5 waits since the 1st.</summary>
public sealed class FilesInUseTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly OpenAttempt Running = new(7, Noon.AddHours(-28), IsRunning: true);
    private static readonly OpenAttempt Waiting = new(5, Noon.AddDays(-20), IsRunning: false);

    [Theory]
    [InlineData("silver/shop/events/attempt=7/part-0.parquet", true)]
    [InlineData("silver/shop/events/attempt=5/part-0.parquet", true)]
    [InlineData("silver/shop/events/attempt=77/part-0.parquet", false)]
    [InlineData("silver/shop/events/attempt=6/part-0.parquet", false)]
    [InlineData("raw/source=shop/type=events/date=2026-11-20/in.csv.7.part", true)]
    [InlineData("raw/source=shop/type=events/date=2026-11-21/in.csv.6.part", false)]
    [InlineData("silver/shop/events/attempt=99999999999999999999/part-0.parquet", false)]
    [InlineData("left/behind.parquet", false)]
    public void What_an_attempt_has_written_in_its_own_name_is_in_use_until_it_ends(string path, bool isInUse) =>
        new FilesInUse([Running, Waiting], Noon).Has(path, Noon.AddDays(-10)).ShouldBe(isInUse);

    [Theory]
    [InlineData("2026-11-22", true)]
    [InlineData("2026-11-21", true)]
    [InlineData("2026-11-20", true)]
    [InlineData("2026-11-19", false)]
    [InlineData("some-day", false)]
    public void A_raw_file_is_in_use_where_an_attempt_that_runs_now_may_have_landed_it(string day, bool isInUse) =>
        new FilesInUse([Running, Waiting], Noon).Has(Raw(day), Noon.AddDays(-10)).ShouldBe(isInUse);

    [Theory]
    [InlineData("2026-11-21T12:00Z", "2026-11-20", false)]
    [InlineData("2026-11-21T12:00Z", "2026-11-21", true)]
    [InlineData("2026-11-21T00:30Z", "2026-11-20", true)]
    [InlineData("2026-11-21T01:30Z", "2026-11-20", false)]
    public void Where_no_attempt_runs_one_that_begins_may_land_a_raw_file_of_today_again(string now, string day, bool isInUse) =>
        new FilesInUse([Waiting], DateTimeOffset.Parse(now)).Has(Raw(day), Noon.AddDays(-10)).ShouldBe(isInUse);

    [Theory]
    [InlineData("silver/shop/events/restored=0123456789abcdef0123456789abcdef/part-0.parquet")]
    [InlineData("raw/source=shop/type=events/date=2026-10-01/0123456789ab/in.csv.0123456789abcdef0123456789abcdef.part")]
    [InlineData("silver/shop/events/attempt=6/part-0.parquet.0123456789abcdef0123456789abcdef.part")]
    public void A_copy_that_somebody_makes_is_in_use_for_a_day(string path)
    {
        var use = new FilesInUse([], Noon);

        use.Has(path, Noon.AddHours(-23)).ShouldBeTrue();
        use.Has(path, Noon.AddHours(-25)).ShouldBeFalse();
    }

    private static string Raw(string day) => $"raw/source=shop/type=events/date={day}/0123456789ab/in.csv";
}
