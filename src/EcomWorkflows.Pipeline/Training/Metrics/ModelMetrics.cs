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

    public static ModelMetrics Of(Ranking ranking, float threshold, int seed)
    {
        Confusion confusion = Confusion.At(ranking, threshold);
        (Interval roc, Interval pr) = Bootstrap.Intervals(ranking, seed);
        return new ModelMetrics
        {
            Rows = ranking.Rows,
            Positives = ranking.Positives,
            BaseRate = ranking.BaseRate,
            RocAuc = Metrics.RocAuc.Of(ranking),
            RocAucInterval = roc,
            PrAuc = Metrics.PrAuc.Of(ranking),
            PrAucInterval = pr,
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
        };
    }
}
