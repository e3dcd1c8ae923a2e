namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Windows of the churn label, in whole days.</summary>
/// <param name="OutcomeDays">Churned = no activity in [cutoff + GapDays, cutoff + GapDays + OutcomeDays).</param>
/// <param name="EmbargoDays">Days left out between the end of the training outcome window and the test cutoff.</param>
public sealed record ChurnSettings(int OutcomeDays, int EmbargoDays)
{
    /// <summary>Days between the cutoff and the outcome window: time to act on a prediction.</summary>
    /// <value>The default is 0.</value>
    public int GapDays { get; init; }

    /// <summary>Only customers active in so many days before a cutoff are labelled; null takes everybody ever active before it.</summary>
    public int? ObservationDays { get; init; }

    /// <summary>Training cutoffs, one every <see cref="CutoffStepDays"/> backwards from the last one.</summary>
    /// <value>The default is 1.</value>
    public int TrainCutoffs { get; init; } = 1;

    /// <value>The default is 30.</value>
    public int CutoffStepDays { get; init; } = 30;

    /// <summary>As-of times more than so many days before the newest one leave the history of the customers' feature view; 0 keeps all.</summary>
    /// <value>The default is 0.</value>
    public int KeepHistoryDays { get; init; }

    /// <summary>What is wrong with the settings, in words; null where they can be used.</summary>
    internal string? Problem() => this switch
    {
        { OutcomeDays: < 1 } => $"churn.outcomeDays is {OutcomeDays} (allowed: 1 or more)",
        { EmbargoDays: < 0 } => $"churn.embargoDays is {EmbargoDays} (allowed: 0 or more)",
        { GapDays: < 0 } => $"churn.gapDays is {GapDays} (allowed: 0 or more)",
        { ObservationDays: < 1 } => $"churn.observationDays is {ObservationDays} (allowed: 1 or more, or null for all history)",
        { TrainCutoffs: < 1 or > 24 } => $"churn.trainCutoffs is {TrainCutoffs} (allowed: 1 to 24)",
        { CutoffStepDays: < 1 } => $"churn.cutoffStepDays is {CutoffStepDays} (allowed: 1 or more)",
        { KeepHistoryDays: < 0 } => $"churn.keepHistoryDays is {KeepHistoryDays} (allowed: 0 for all, or more)",
        _ => null,
    };
}
