using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The moments a churn model is trained, tested and applied at; all UTC midnights.</summary>
/// <remarks>
/// <code>
///      train cutoff        embargo  test cutoff        label end   score as-of
/// ─────────┼───── outcome ─────┼──┼───── outcome ─────────┼────────────┼──
/// </code>
/// Features at a cutoff use only what happened before it; its label only what happened in the outcome days from it on. The embargo keeps the
/// training labels from reaching up to the test cutoff.
/// </remarks>
/// <param name="LabelEnd">End of the last complete day of data: no label may look beyond it.</param>
/// <param name="ScoreAsOf">Everything known is before this moment.</param>
public sealed record ChurnWindows(
    DateTimeOffset TrainCutoff, DateTimeOffset TestCutoff, DateTimeOffset LabelEnd, DateTimeOffset ScoreAsOf, int OutcomeDays, int EmbargoDays)
{
    /// <summary>The moments features are computed at, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> AsOfTimes => [TrainCutoff, TestCutoff, ScoreAsOf];

    public DateTimeOffset TrainOutcomeEnd => TrainCutoff.AddDays(OutcomeDays);

    public DateTimeOffset TestOutcomeEnd => TestCutoff.AddDays(OutcomeDays);

    /// <summary>Windows for data whose newest event is at <paramref name="lastEvent"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The outcome is shorter than a day, or the embargo negative.</exception>
    public static ChurnWindows From(DateTimeOffset lastEvent, ChurnSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.OutcomeDays, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(settings.EmbargoDays);
        var labelEnd = new DateTimeOffset(lastEvent.UtcDateTime.Date, TimeSpan.Zero);
        var testCutoff = labelEnd.AddDays(-settings.OutcomeDays);
        var trainCutoff = testCutoff.AddDays(-settings.OutcomeDays - settings.EmbargoDays);
        return new ChurnWindows(trainCutoff, testCutoff, labelEnd, labelEnd.AddDays(1), settings.OutcomeDays, settings.EmbargoDays);
    }

    /// <summary>Windows for the data of a source.</summary>
    /// <exception cref="TaskFailedException">The settings are out of range, or the data does not reach back before the train cutoff; the message names the file to change.</exception>
    public static ChurnWindows For(SourceMapping mapping, DateTimeOffset firstEvent, DateTimeOffset lastEvent)
    {
        var churn = mapping.Churn;
        if (churn.OutcomeDays < 1 || churn.EmbargoDays < 0)
            throw new TaskFailedException(
                $"{mapping.File}: churn.outcomeDays is {churn.OutcomeDays} (allowed: 1 or more), churn.embargoDays is {churn.EmbargoDays} (allowed: 0 or more).",
                retryable: false);
        var windows = From(lastEvent, churn);
        if (firstEvent >= windows.TrainCutoff)
            throw new TaskFailedException(
                $"The events of '{mapping.Source}' run from {firstEvent:yyyy-MM-dd} to {lastEvent:yyyy-MM-dd}, but the training cutoff would be {windows.TrainCutoff:yyyy-MM-dd}: "
                + $"two outcome windows of {churn.OutcomeDays} days, the embargo and some history before them do not fit. Bring more data, or lower churn.outcomeDays in {mapping.File}.",
                FailureCause.BadData, retryable: false);
        return windows;
    }
}
