using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>The moments a purchase model is trained, tested and applied at; UTC midnights, laid out as those of churn.</summary>
internal static class PurchaseWindows
{
    /// <summary>Windows for the data of a source.</summary>
    /// <exception cref="TaskFailedException">A setting is out of range, or the history is too short; the message names the file to change.</exception>
    internal static ChurnWindows For(SourceMapping mapping, DateTimeOffset firstEvent, DateTimeOffset lastEvent)
    {
        PurchaseSettings purchase = mapping.Purchase;
        if (purchase.Problem() is { } problem)
            throw new TaskFailedException($"{mapping.File}: {problem}.", retryable: false);
        ChurnWindows windows = ChurnWindows.From(lastEvent, new ChurnSettings(purchase.OutcomeDays, purchase.EmbargoDays)
        {
            GapDays = purchase.GapDays, TrainCutoffs = purchase.TrainCutoffs, CutoffStepDays = purchase.CutoffStepDays,
        });
        if (firstEvent >= windows.TrainCutoff)
        {
            throw new TaskFailedException(
                $"The events of '{mapping.Source}' run from {firstEvent:yyyy-MM-dd} to {lastEvent:yyyy-MM-dd}, but the training cutoff would be {windows.TrainCutoff:yyyy-MM-dd}: "
                + $"two outcome windows of {purchase.OutcomeDays} days, the embargo and some history before them do not fit. Bring more data, or lower purchase.outcomeDays in {mapping.File}.",
                FailureCause.BadData, retryable: false);
        }

        // A cutoff without a whole candidate window before it would teach shorter histories than the model will meet.
        return windows with { EarlierTrainCutoffs = [.. windows.EarlierTrainCutoffs.Where(cutoff => cutoff >= firstEvent.AddDays(purchase.CandidateDays))] };
    }
}
