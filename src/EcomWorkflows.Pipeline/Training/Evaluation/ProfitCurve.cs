using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>Profit of contacting the customers with the highest risk, by how many of them.</summary>
/// <param name="Points">From nobody to everybody.</param>
/// <param name="Best">The point with the highest expected profit, which is known beforehand; what it would have realised stands beside it.</param>
public sealed record ProfitCurve(ProfitAssumptions Assumptions, IReadOnlyList<ProfitCurve.Point> Points, ProfitCurve.Point Best)
{
    private const int Steps = 50;

    /// <param name="Share">Share of customers contacted, the riskiest first.</param>
    /// <param name="Expected">By the predicted probabilities.</param>
    /// <param name="Realised">By what the customers did, assuming that offers work as assumed.</param>
    public readonly record struct Point(double Share, double Expected, double Realised);

    public static ProfitCurve Of(Ranking ranking, ProfitAssumptions assumptions)
    {
        var points = new List<Point> { new(0, 0, 0) };
        Point best = points[0];
        double ofChurner = assumptions.Expected(1);
        double ofStayer = assumptions.Expected(0);
        (double expected, double realised, long rows) = (0, 0, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            long stepRows = step.Positives + step.Negatives;
            rows += stepRows;
            expected += stepRows * assumptions.Expected(step.Score);
            realised += (step.Positives * ofChurner) + (step.Negatives * ofStayer);
            var point = new Point((double)rows / ranking.Rows, expected, realised);
            if (point.Expected > best.Expected)
                best = point;
            if (point.Share - points[^1].Share >= 1.0 / Steps || rows == ranking.Rows)
                points.Add(point);
        }

        return new ProfitCurve(assumptions, points, best);
    }
}
