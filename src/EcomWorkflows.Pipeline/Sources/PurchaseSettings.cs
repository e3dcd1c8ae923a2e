namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Windows of the purchase problem, in whole days: which pairs of visitor and item are looked at before a cutoff, and how long after it a purchase counts.</summary>
public sealed record PurchaseSettings
{
    /// <summary>Bought = the visitor buys the item in [cutoff + <see cref="GapDays"/>, cutoff + <see cref="GapDays"/> + <see cref="OutcomeDays"/>).</summary>
    /// <value>The default is 14.</value>
    public int OutcomeDays { get; init; } = 14;

    /// <summary>Days left out between the end of the last training outcome window and the test cutoff.</summary>
    /// <value>The default is 1.</value>
    public int EmbargoDays { get; init; } = 1;

    /// <summary>Days between the cutoff and the outcome window: time to act on a prediction.</summary>
    /// <value>The default is 0.</value>
    public int GapDays { get; init; }

    /// <summary>A pair is a candidate when the visitor viewed, carted or bought the item in so many days before the cutoff; features look no further back.</summary>
    /// <value>The default is 30.</value>
    public int CandidateDays { get; init; } = 30;

    /// <summary>Training cutoffs, one every <see cref="CutoffStepDays"/> backwards from the last one.</summary>
    /// <value>The default is 3.</value>
    public int TrainCutoffs { get; init; } = 3;

    /// <value>The default is 14.</value>
    public int CutoffStepDays { get; init; } = 14;

    /// <summary>As-of times more than so many days before the newest one leave the history of the pairs' feature view; 0 keeps all.</summary>
    /// <value>The default is 180: every day has other pairs, five files of them.</value>
    public int KeepHistoryDays { get; init; } = 180;

    /// <summary>What is wrong with the settings, in words; null where they can be used.</summary>
    internal string? Problem() => this switch
    {
        { OutcomeDays: < 1 } => $"purchase.outcomeDays is {OutcomeDays} (allowed: 1 or more)",
        { EmbargoDays: < 0 } => $"purchase.embargoDays is {EmbargoDays} (allowed: 0 or more)",
        { GapDays: < 0 } => $"purchase.gapDays is {GapDays} (allowed: 0 or more)",
        { CandidateDays: < 1 } => $"purchase.candidateDays is {CandidateDays} (allowed: 1 or more)",
        { TrainCutoffs: < 1 or > 24 } => $"purchase.trainCutoffs is {TrainCutoffs} (allowed: 1 to 24)",
        { CutoffStepDays: < 1 } => $"purchase.cutoffStepDays is {CutoffStepDays} (allowed: 1 or more)",
        { KeepHistoryDays: < 0 } => $"purchase.keepHistoryDays is {KeepHistoryDays} (allowed: 0 for all, or more)",
        _ => null,
    };
}
