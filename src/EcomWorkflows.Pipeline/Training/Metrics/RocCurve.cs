namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Points of the ROC curve, for drawing.</summary>
public static class RocCurve
{
    public readonly record struct Point(double FalsePositiveRate, double TruePositiveRate);

    /// <summary>At most about <paramref name="maximum"/> points from (0, 0) to (1, 1); empty when there is only one kind of label.</summary>
    public static IReadOnlyList<Point> Of(Ranking ranking, int maximum = 200)
    {
        if (ranking.Positives == 0 || ranking.Negatives == 0)
            return [];

        var points = new List<Point> { new(0, 0) };
        (long positives, long negatives) = (0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            positives += step.Positives;
            negatives += step.Negatives;
            var point = new Point((double)negatives / ranking.Negatives, (double)positives / ranking.Positives);
            Point last = points[^1];
            double moved = point.FalsePositiveRate - last.FalsePositiveRate + point.TruePositiveRate - last.TruePositiveRate;
            if (moved >= 2.0 / maximum || positives + negatives == ranking.Rows)
                points.Add(point);
        }

        return points;
    }
}
