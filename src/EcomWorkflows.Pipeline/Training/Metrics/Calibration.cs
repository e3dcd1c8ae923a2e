namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Predicted against observed rates in groups of equal size.</summary>
public static class Calibration
{
    public sealed record Group(long Rows, double MeanPredicted, double ObservedRate);

    /// <summary>Splits the ranking into about <paramref name="groups"/> equal parts, lowest scores first; equal scores stay together.</summary>
    public static IReadOnlyList<Group> Of(Ranking ranking, int groups = 10)
    {
        var result = new List<Group>(groups);
        (long rows, long positives, double predicted, long passed) = (0, 0, 0, 0);
        for (int i = ranking.Steps.Length - 1; i >= 0; i--)
        {
            Ranking.Step step = ranking.Steps[i];
            long stepRows = step.Positives + step.Negatives;
            rows += stepRows;
            positives += step.Positives;
            predicted += (double)step.Score * stepRows;
            if ((passed + rows) * groups >= (result.Count + 1) * ranking.Rows)
            {
                result.Add(new Group(rows, predicted / rows, (double)positives / rows));
                passed += rows;
                (rows, positives, predicted) = (0, 0, 0);
            }
        }

        return result;
    }
}
