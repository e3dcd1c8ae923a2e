namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>How much a new champion may be worse, larger or slower.</summary>
public sealed record PromotionBudget
{
    /// <summary>A loss of ROC-AUC or PR-AUC that the paired interval must exclude where the challenger's figure is the lower one.</summary>
    public double MetricMargin { get; init; } = 0.01;

    /// <summary>By which factor the Brier score may grow.</summary>
    public double BrierFactor { get; init; } = 1.02;

    /// <summary>By how much the calibration error may grow.</summary>
    public double CalibrationMargin { get; init; } = 0.03;

    /// <summary>By how much ROC-AUC may fall on any slice, beyond what chance explains.</summary>
    public double SliceMargin { get; init; } = 0.05;

    public long ModelBytes { get; init; } = 200L << 20;

    /// <summary>Mean time to score a row, on one thread of the caller.</summary>
    public double MicrosecondsPerRow { get; init; } = 500;
}
