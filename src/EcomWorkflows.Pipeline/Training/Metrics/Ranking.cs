namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Labelled scores in falling order, with equal scores as one step: what every ranking metric is computed from.</summary>
/// <remarks>Steps make the metrics independent of the order of customers with equal scores.</remarks>
public sealed class Ranking
{
    private readonly Step[] _steps;

    private Ranking(Step[] steps, long positives, long rows)
    {
        _steps = steps;
        Positives = positives;
        Rows = rows;
    }

    /// <summary>One distinct score and how many rows of either kind have it.</summary>
    public readonly record struct Step(float Score, int Positives, int Negatives);

    /// <summary>Highest score first.</summary>
    public ReadOnlySpan<Step> Steps => _steps;

    public long Positives { get; }

    public long Rows { get; }

    public long Negatives => Rows - Positives;

    /// <summary>Share of positive rows.</summary>
    public double BaseRate => Rows == 0 ? double.NaN : (double)Positives / Rows;

    /// <exception cref="ArgumentException">The lengths differ, or a score is not a number.</exception>
    public static Ranking Of(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores) => Of(LabelledScores.Sort(labels, scores));

    /// <summary>Of scores as <see cref="LabelledScores"/> sorts them, or of some of these in the same order.</summary>
    internal static Ranking Of(ReadOnlySpan<ulong> sorted)
    {
        var steps = new Step[Distinct(sorted)];
        (long positives, int end) = (0, sorted.Length);
        for (int step = 0; step < steps.Length; step++)
        {
            float score = LabelledScores.ScoreOf(sorted[end - 1]);
            (int hits, int start) = (0, end);
            for (; start > 0 && LabelledScores.ScoreOf(sorted[start - 1]) == score; start--)
                hits += LabelledScores.LabelOf(sorted[start - 1]);
            steps[step] = new Step(score, hits, end - start - hits);
            positives += hits;
            end = start;
        }

        return new Ranking(steps, positives, sorted.Length);
    }

    private static int Distinct(ReadOnlySpan<ulong> sorted)
    {
        int distinct = sorted.Length == 0 ? 0 : 1;
        for (int row = 1; row < sorted.Length; row++)
        {
            if (LabelledScores.ScoreOf(sorted[row]) != LabelledScores.ScoreOf(sorted[row - 1]))
                distinct++;
        }

        return distinct;
    }
}
