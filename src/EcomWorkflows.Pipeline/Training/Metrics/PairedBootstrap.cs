namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Paired bootstrap of two models' ROC-AUC and PR-AUC on the same rows.</summary>
public static class PairedBootstrap
{
    /// <summary>Of more rows an even sample is drawn from; the interval is then that of the sample, a little wide.</summary>
    private const int MaximumRows = 50_000;

    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static (PairedDifference RocAuc, PairedDifference PrAuc) Compare(
        ReadOnlySpan<bool> labels, ReadOnlySpan<float> first, ReadOnlySpan<float> second, int seed, int draws = 200)
    {
        if (labels.Length != first.Length || labels.Length != second.Length)
            throw new ArgumentException($"Got {labels.Length} labels and {first.Length} and {second.Length} scores.", nameof(second));

        Ranking firstRanking = Ranking.Of(labels, first);
        Ranking secondRanking = Ranking.Of(labels, second);
        int step = Math.Max(1, (labels.Length + MaximumRows - 1) / MaximumRows);
        Ordered[] sides = [new(labels, first, step), new(labels, second, step)];
        int[] weights = new int[sides[0].Rows];
        var random = new PoissonDraws(seed);
        double[] roc = new double[draws];
        double[] pr = new double[draws];
        for (int draw = 0; draw < draws; draw++)
        {
            // Poisson(1) weights are the limit of drawing rows with replacement.
            for (int row = 0; row < weights.Length; row++)
                weights[row] = random.Sum(1);
            (double firstRoc, double firstPr) = sides[0].Figures(weights);
            (double secondRoc, double secondPr) = sides[1].Figures(weights);
            (roc[draw], pr[draw]) = (firstRoc - secondRoc, firstPr - secondPr);
        }

        return (
            new PairedDifference(RocAuc.Of(firstRanking) - RocAuc.Of(secondRanking), Bootstrap.Percentiles(roc)),
            new PairedDifference(PrAuc.Of(firstRanking) - PrAuc.Of(secondRanking), Bootstrap.Percentiles(pr)));
    }

    /// <summary>Rows in falling order of one model's scores.</summary>
    private sealed class Ordered
    {
        private readonly int[] _order;
        private readonly float[] _scores;
        private readonly bool[] _labels;

        internal Ordered(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores, int step)
        {
            int rows = (labels.Length + step - 1) / step;
            (_order, _scores, _labels) = (new int[rows], new float[rows], new bool[rows]);
            for (int row = 0; row < rows; row++)
                (_order[row], _scores[row], _labels[row]) = (row, -scores[row * step], labels[row * step]);
            Array.Sort(_scores, _order);
        }

        internal int Rows => _order.Length;

        internal (double RocAuc, double PrAuc) Figures(int[] weights)
        {
            (double wins, double precisions) = (0, 0);
            (long positivesAbove, long rowsAbove) = (0, 0);
            for (int place = 0; place < _order.Length;)
            {
                (long positives, long negatives) = (0, 0);
                float score = _scores[place];
                for (; place < _order.Length && _scores[place] == score; place++)
                {
                    int row = _order[place];
                    if (_labels[row])
                        positives += weights[row];
                    else
                        negatives += weights[row];
                }

                wins += negatives * (positivesAbove + (positives / 2.0));
                positivesAbove += positives;
                rowsAbove += positives + negatives;
                if (positives > 0)
                    precisions += positives * ((double)positivesAbove / rowsAbove);
            }

            long allNegatives = rowsAbove - positivesAbove;
            return (
                positivesAbove == 0 || allNegatives == 0 ? double.NaN : wins / ((double)positivesAbove * allNegatives),
                positivesAbove == 0 ? double.NaN : precisions / positivesAbove);
        }
    }
}
