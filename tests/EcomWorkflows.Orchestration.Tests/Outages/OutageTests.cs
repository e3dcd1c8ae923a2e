using EcomWorkflows.Orchestration.Outages;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Outages;

public class OutageTests
{
    private readonly Outage outage = new();

    [Fact]
    public void What_fails_each_second_for_five_minutes_is_told_when_it_is_lost_each_minute_and_when_it_is_back()
    {
        var told = new List<(int Second, OutageNews News, double Away)>();
        for (var second = 100; second < 400; second++)
            Tell(second, outage.Failed(TimeSpan.FromSeconds(second)));
        for (var second = 400; second < 410; second++)
            Tell(second, outage.Worked(TimeSpan.FromSeconds(second)));

        told.ShouldBe(
        [
            (100, OutageNews.Lost, 0), (160, OutageNews.StillAway, 60), (220, OutageNews.StillAway, 120), (280, OutageNews.StillAway, 180),
            (340, OutageNews.StillAway, 240), (402, OutageNews.Back, 300),
        ]);

        void Tell(int second, (OutageNews News, TimeSpan Away) said)
        {
            if (said.News != OutageNews.None)
                told.Add((second, said.News, said.Away.TotalSeconds));
        }
    }

    [Fact]
    public void What_comes_and_goes_is_away_until_it_stays()
    {
        outage.Failed(Second(0)).News.ShouldBe(OutageNews.Lost);
        for (var second = 1; second < 20; second += 2)
        {
            outage.Worked(Second(second)).News.ShouldBe(OutageNews.None);
            outage.Failed(Second(second + 1)).News.ShouldBe(OutageNews.None);
        }
        outage.Worked(Second(21)).News.ShouldBe(OutageNews.None);

        outage.Worked(Second(30)).ShouldBe((OutageNews.Back, Second(21)), "it answered from 21 on, and nobody asked before 30");
    }

    [Fact]
    public void What_works_is_not_told_of_and_what_is_lost_again_is()
    {
        outage.Worked(Second(1)).News.ShouldBe(OutageNews.None);
        outage.IsAway.ShouldBeFalse();
        outage.Failed(Second(2));
        outage.IsAway.ShouldBeTrue();
        outage.Worked(Second(3));
        outage.Worked(Second(5)).News.ShouldBe(OutageNews.Back);
        outage.IsAway.ShouldBeFalse();

        outage.Failed(Second(6)).News.ShouldBe(OutageNews.Lost);
    }

    private static TimeSpan Second(int second) => TimeSpan.FromSeconds(second);
}
