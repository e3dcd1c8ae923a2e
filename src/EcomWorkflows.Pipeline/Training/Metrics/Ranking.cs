namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Labelled scores in falling order, with equal scores as one step: what every ranking metric is computed from.</summary>
/// <remarks>Steps make the metrics independent of the order of customers with equal scores.</remarks>
public sealed class Ranking
{
    private Ranking(Step[] steps, long positives, long rows)
    {
        Steps = steps;
        Positives = positives;
        Rows = rows;
    }

    /// <summary>One distinct score and how many rows of either kind have it.</summary>
    public readonly record struct Step(float Score, int Positives, int Negatives);

    /// <summary>Highest score first.</summary>
    public IReadOnlyList<Step> Steps { get; }

    public long Positives { get; }

    public long Rows { get; }

    public long Negatives => Rows - Positives;

    /// <summary>Share of positive rows.</summary>
    public double BaseRate => Rows == 0 ? double.NaN : (double)Positives / Rows;

    /// <exception cref="ArgumentException">The lengths differ, or a score is not a number.</exception>
    public static Ranking Of(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores)
    {
        if (labels.Length != scores.Length)
            throw new ArgumentException($"Got {labels.Length} labels and {scores.Length} scores.", nameof(scores));

        float[] keys = scores.ToArray();
        bool[] items = labels.ToArray();
        Array.Sort(keys, items);
        var steps = new List<Step>();
        long positives = 0;
        for (int end = keys.Length - 1; end >= 0;)
        {
            float score = keys[end];
            if (float.IsNaN(score))
                throw new ArgumentException("A score is not a number.", nameof(scores));
            int hits = 0;
            int start = end;
            for (; start >= 0 && keys[start] == score; start--)
                hits += items[start] ? 1 : 0;
            steps.Add(new Step(score, hits, end - start - hits));
            positives += hits;
            // NaN sorts first, so a NaN is reached only after all numbers.
            end = start;
        }

        return new Ranking([.. steps], positives, keys.Length);
    }
}
