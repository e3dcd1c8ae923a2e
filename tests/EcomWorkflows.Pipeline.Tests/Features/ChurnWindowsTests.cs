using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Sources;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class ChurnWindowsTests
{
    [Fact]
    public void Online_Retail_part_1_gets_the_cutoffs_of_the_published_protocol()
    {
        var windows = ChurnWindows.From(At(2011, 9, 30, 17, 22), new ChurnSettings(90, 1));

        windows.TrainCutoff.ShouldBe(At(2011, 4, 2));
        windows.TestCutoff.ShouldBe(At(2011, 7, 2));
        windows.LabelEnd.ShouldBe(At(2011, 9, 30));
        windows.ScoreAsOf.ShouldBe(At(2011, 10, 1));
    }

    [Fact]
    public void No_window_looks_beyond_the_data_and_training_labels_end_before_the_test_cutoff()
    {
        var inputs = Gen.Choose(0, 1_000_000).SelectMany(minutes => Gen.Choose(1, 200).SelectMany(outcome => Gen.Choose(0, 30).Select(embargo => (minutes, outcome, embargo))));

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var lastEvent = At(2025, 1, 1).AddMinutes(input.minutes);
            var windows = ChurnWindows.From(lastEvent, new ChurnSettings(input.outcome, input.embargo));
            return windows.TestOutcomeEnd <= lastEvent
                && windows.TrainOutcomeEnd.AddDays(input.embargo) == windows.TestCutoff
                && windows.ScoreAsOf > lastEvent && windows.ScoreAsOf - lastEvent <= TimeSpan.FromDays(1)
                && windows.AsOfTimes.All(t => t.TimeOfDay == TimeSpan.Zero);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Data_too_short_for_two_outcome_windows_is_refused_with_the_setting_to_change()
    {
        var mapping = new SourceMapping(
            "shop", "", new Dictionary<string, SourceEntity>(), new Dictionary<string, SilverTable>(), new ActivityMapping([]), new ChurnSettings(30, 1)) { File = "sources/shop.json" };

        var failure = Should.Throw<TaskFailedException>(() => ChurnWindows.For(mapping, At(2026, 1, 1), At(2026, 2, 20)));

        failure.Cause.ShouldBe(FailureCause.BadData);
        failure.Message.ShouldContain("2026-01-01 to 2026-02-20");
        failure.Message.ShouldContain("churn.outcomeDays in sources/shop.json");
    }

    private static DateTimeOffset At(int year, int month, int day, int hour = 0, int minute = 0) => new(year, month, day, hour, minute, 0, TimeSpan.Zero);
}
