namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>All figures of one model on one set of rows; the direction of each is stated where it is computed.</summary>
public sealed record ModelMetrics
{
    public required long Rows { get; init; }

    public required long Positives { get; init; }

    public required double BaseRate { get; init; }

    public required double RocAuc { get; init; }

    public required Interval RocAucInterval { get; init; }

    public required double PrAuc { get; init; }

    public required Interval PrAucInterval { get; init; }

    /// <summary>Where labels are cut; chosen on training rows.</summary>
    public required float Threshold { get; init; }

    public required double F1 { get; init; }

    public required double Precision { get; init; }

    public required double Recall { get; init; }

    public required double Accuracy { get; init; }

    public required double Brier { get; init; }

    public required double LogLoss { get; init; }

    public required double LiftAt5Percent { get; init; }

    public required double LiftAt10Percent { get; init; }

    public required double LiftAt20Percent { get; init; }

    public required double RecallAt10Percent { get; init; }

    // The figures below came later; versions registered before do not have them.
    public double? RecallAt5Percent { get; init; }

    public double? RecallAt20Percent { get; init; }

    public double? CalibrationError { get; init; }

    public Interval? F1Interval { get; init; }

    public Interval? BrierInterval { get; init; }

    public Interval? LiftAt10PercentInterval { get; init; }

    public static ModelMetrics Of(Ranking ranking, float threshold, int seed)
    {
        Confusion confusion = Confusion.At(ranking, threshold);
        BootstrapIntervals intervals = Bootstrap.Intervals(ranking, threshold, seed);
        return new ModelMetrics
        {
            Rows = ranking.Rows,
            Positives = ranking.Positives,
            BaseRate = ranking.BaseRate,
            RocAuc = Metrics.RocAuc.Of(ranking),
            RocAucInterval = intervals.RocAuc,
            PrAuc = Metrics.PrAuc.Of(ranking),
            PrAucInterval = intervals.PrAuc,
            Threshold = threshold,
            F1 = confusion.F1,
            Precision = confusion.Precision,
            Recall = confusion.Recall,
            Accuracy = confusion.Accuracy,
            Brier = BrierScore.Of(ranking),
            LogLoss = Metrics.LogLoss.Of(ranking),
            LiftAt5Percent = Lift.AtTop(ranking, 0.05),
            LiftAt10Percent = Lift.AtTop(ranking, 0.10),
            LiftAt20Percent = Lift.AtTop(ranking, 0.20),
            RecallAt10Percent = Lift.RecallAtTop(ranking, 0.10),
            RecallAt5Percent = Lift.RecallAtTop(ranking, 0.05),
            RecallAt20Percent = Lift.RecallAtTop(ranking, 0.20),
            CalibrationError = Metrics.CalibrationError.Of(ranking),
            F1Interval = intervals.F1,
            BrierInterval = intervals.Brier,
            LiftAt10PercentInterval = intervals.LiftAt10Percent,
        };
    }
}
