using EcomWorkflows.Pipeline.Simulation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

public sealed class ShopCalendarTests
{
    [Theory]
    [InlineData(2024, 29)]
    [InlineData(2025, 28)]
    [InlineData(2026, 27)]
    [InlineData(2029, 23)]
    public void Black_friday_is_the_day_after_the_fourth_thursday_of_november(int year, int day) =>
        ShopCalendar.BlackFriday(year).ShouldBe(new DateOnly(year, 11, day));

    [Fact]
    public void Seasons_have_no_steps_at_the_end_of_a_month()
    {
        for (var day = new DateOnly(2026, 2, 1); day < new DateOnly(2026, 12, 1); day = day.AddDays(7))
            (ShopCalendar.Season(day.AddDays(7)) / ShopCalendar.Season(day)).ShouldBeInRange(0.9, 1.1, day.ToString());
    }

    [Fact]
    public void Christmas_is_busier_than_february() =>
        ShopCalendar.Season(new DateOnly(2026, 12, 12)).ShouldBeGreaterThan(1.25 * ShopCalendar.Season(new DateOnly(2026, 2, 14)));
}
