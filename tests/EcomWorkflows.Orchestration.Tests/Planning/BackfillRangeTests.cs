using EcomWorkflows.Orchestration.Planning;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class BackfillRangeTests
{
    [Theory]
    [InlineData("2026-10-25", false, "2026-10-24T22:00Z")]
    [InlineData("2026-10-25", true, "2026-10-25T22:59:59.999Z")]
    [InlineData("2026-10-25T06:00", true, "2026-10-25T06:00Z")]
    [InlineData("2026-10-25T06:00+02:00", true, "2026-10-25T04:00Z")]
    public void A_date_alone_is_the_whole_day_in_the_dags_time_zone(string text, bool isEnd, string expected)
    {
        BackfillRange.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), isEnd, out var at).ShouldBeTrue();
        at.ShouldBe(DateTimeOffset.Parse(expected));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => BackfillRange.TryParse(text, TimeZoneInfo.Utc, false, out _).ShouldBeFalse();
}
