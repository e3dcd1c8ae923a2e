using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Server.Api;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public class ScheduleWordsTests
{
    [Theory]
    [InlineData("0 3 * * *", "Every day at 03:00, UTC")]
    [InlineData("@daily", "Every day at 00:00, UTC")]
    [InlineData("*/15 * * * *", "Every 15 minutes, UTC")]
    [InlineData("5 * * * *", "Every hour at 05 minutes past, UTC")]
    [InlineData("30 6 * * 1-5", "Monday to Friday at 06:30, UTC")]
    [InlineData("0 0 * * 7", "Every Sunday at 00:00, UTC")]
    [InlineData("0 4 1 * *", "On day 1 of every month at 04:00, UTC")]
    [InlineData("0 4 1 2 *", "Cron 0 4 1 2 *, UTC")]
    [InlineData("0 0 12 ? * MON", "Cron 0 0 12 ? * MON, UTC")]
    public void A_schedule_is_said_in_words(string schedule, string words) =>
        ScheduleWords.Describe(new DagSettings { Schedule = [schedule] }).ShouldBe(words);

    [Fact]
    public void No_schedule_is_by_hand() => ScheduleWords.Describe(new DagSettings()).ShouldBe("Only by hand");
}
