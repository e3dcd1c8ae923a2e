using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The moments a churn model is trained, tested and applied at; all UTC midnights.</summary>
/// <remarks>
/// <code>
///      train cutoff        embargo  test cutoff        label end   score as-of
/// ─────────┼───── outcome ─────┼──┼───── outcome ─────────┼────────────┼──
/// </code>
/// There may be earlier training cutoffs before the last one, and a gap between each cutoff and its outcome window.
/// Features at a cutoff use only what happened before it; its label only what happened in the outcome days from it on. The embargo keeps the
/// training labels from reaching up to the test cutoff.
/// </remarks>
/// <param name="LabelEnd">End of the last complete day of data: no label may look beyond it.</param>
/// <param name="ScoreAsOf">Everything known is before this moment.</param>
public sealed record ChurnWindows(
    DateTimeOffset TrainCutoff, DateTimeOffset TestCutoff, DateTimeOffset LabelEnd, DateTimeOffset ScoreAsOf, int OutcomeDays, int EmbargoDays)
{
    /// <summary>Days between a cutoff and its outcome window.</summary>
    public int GapDays { get; init; }

    /// <summary>Who was not active in so many days before a cutoff is not labelled at it; null labels everybody.</summary>
    public int? ObservationDays { get; init; }

    /// <summary>Training cutoffs before <see cref="TrainCutoff"/>, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> EarlierTrainCutoffs { get; init; } = [];

    /// <summary>All training cutoffs, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> TrainCutoffs => [.. EarlierTrainCutoffs, TrainCutoff];

    /// <summary>The moments features are computed at, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> AsOfTimes => [.. TrainCutoffs, TestCutoff, ScoreAsOf];

    public DateTimeOffset TrainOutcomeEnd => TrainCutoff.AddDays(GapDays + OutcomeDays);

    public DateTimeOffset TestOutcomeEnd => TestCutoff.AddDays(GapDays + OutcomeDays);

    /// <summary>Windows for data whose newest event is at <paramref name="lastEvent"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static ChurnWindows From(DateTimeOffset lastEvent, ChurnSettings settings)
    {
        if (settings.Problem() is { } problem)
            throw new ArgumentOutOfRangeException(nameof(settings), $"{problem}.");
        var labelEnd = new DateTimeOffset(lastEvent.UtcDateTime.Date, TimeSpan.Zero);
        var testCutoff = labelEnd.AddDays(-settings.OutcomeDays - settings.GapDays);
        var trainCutoff = testCutoff.AddDays(-settings.OutcomeDays - settings.GapDays - settings.EmbargoDays);
        return new ChurnWindows(trainCutoff, testCutoff, labelEnd, labelEnd.AddDays(1), settings.OutcomeDays, settings.EmbargoDays)
        {
            GapDays = settings.GapDays,
            ObservationDays = settings.ObservationDays,
            EarlierTrainCutoffs = [.. Enumerable.Range(1, settings.TrainCutoffs - 1).Reverse().Select(step => trainCutoff.AddDays(-step * settings.CutoffStepDays))],
        };
    }

    /// <summary>Windows for the data of a source.</summary>
    /// <exception cref="TaskFailedException">The settings are out of range, or the data does not reach back before the train cutoff; the message names the file to change.</exception>
    public static ChurnWindows For(SourceMapping mapping, DateTimeOffset firstEvent, DateTimeOffset lastEvent)
    {
        var churn = mapping.Churn;
        if (churn.Problem() is { } problem)
            throw new TaskFailedException($"{mapping.File}: {problem}.", retryable: false);
        var windows = From(lastEvent, churn);
        if (firstEvent >= windows.TrainCutoff)
            throw new TaskFailedException(
                $"The events of '{mapping.Source}' run from {firstEvent:yyyy-MM-dd} to {lastEvent:yyyy-MM-dd}, but the training cutoff would be {windows.TrainCutoff:yyyy-MM-dd}: "
                + $"two outcome windows of {churn.OutcomeDays} days, the embargo and some history before them do not fit. Bring more data, or lower churn.outcomeDays in {mapping.File}.",
                FailureCause.BadData, retryable: false);
        // Earlier cutoffs without a step of history before them would teach what newcomers look like to a shop that has just opened.
        return windows with { EarlierTrainCutoffs = [.. windows.EarlierTrainCutoffs.Where(cutoff => cutoff >= firstEvent.AddDays(churn.CutoffStepDays))] };
    }
}
