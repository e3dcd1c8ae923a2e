namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Expected calibration error: mean distance of predicted and observed rate over groups of equal size, weighted by rows. Lower is better, 0 is perfect.</summary>
public static class CalibrationError
{
    public static double Of(Ranking ranking, int groups = 10)
    {
        double sum = 0;
        foreach (Calibration.Group group in Calibration.Of(ranking, groups))
            sum += group.Rows * Math.Abs(group.MeanPredicted - group.ObservedRate);
        return ranking.Rows == 0 ? double.NaN : sum / ranking.Rows;
    }
}
