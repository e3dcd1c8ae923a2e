using System.Collections;

namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Paired bootstrap of two models' ROC-AUC and PR-AUC on the same rows.</summary>
public static class PairedBootstrap
{
    /// <summary>Of more rows a sample is drawn from; the interval is then that of the sample, a little wide.</summary>
    private const int MaximumRows = 50_000;

    /// <summary>So many rows at the top of either model are all in the sample: there PR-AUC is decided.</summary>
    private const int WholeTop = MaximumRows / 8;

    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static (PairedDifference RocAuc, PairedDifference PrAuc) Compare(
        ReadOnlySpan<bool> labels, ReadOnlySpan<float> first, ReadOnlySpan<float> second, int seed, int draws = 200)
    {
        if (labels.Length != first.Length || labels.Length != second.Length)
            throw new ArgumentException($"Got {labels.Length} labels and {first.Length} and {second.Length} scores.", nameof(second));

        Ranking firstRanking = Ranking.Of(labels, first);
        Ranking secondRanking = Ranking.Of(labels, second);
        LabelSample sample = LabelSample.Of(labels, MaximumRows, Top(first, firstRanking, second, secondRanking));
        Ordered[] sides = [new(labels, first, sample), new(labels, second, sample)];
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

    private static BitArray Top(ReadOnlySpan<float> first, Ranking firstRanking, ReadOnlySpan<float> second, Ranking secondRanking)
    {
        (float firstLeast, float secondLeast) = (LeastOfTop(firstRanking), LeastOfTop(secondRanking));
        var top = new BitArray(first.Length);
        for (int row = 0; row < first.Length; row++)
            top[row] = first[row] >= firstLeast || second[row] >= secondLeast;
        return top;
    }

    /// <returns>The score down to which at most <see cref="WholeTop"/> rows lie.</returns>
    private static float LeastOfTop(Ranking ranking)
    {
        (float least, int rows) = (float.PositiveInfinity, 0);
        foreach (Ranking.Step step in ranking.Steps)
        {
            rows += step.Positives + step.Negatives;
            if (rows > WholeTop)
                break;
            least = step.Score;
        }

        return least;
    }

    /// <summary>Rows in falling order of one model's scores.</summary>
    private sealed class Ordered
    {
        private readonly int[] _order;
        private readonly float[] _scores;
        private readonly bool[] _labels;
        private readonly double[] _stoodFor;

        internal Ordered(ReadOnlySpan<bool> labels, ReadOnlySpan<float> scores, LabelSample sample)
        {
            int rows = sample.Rows.Length;
            (_order, _scores, _labels, _stoodFor) = (new int[rows], new float[rows], new bool[rows], sample.Weights);
            for (int row = 0; row < rows; row++)
                (_order[row], _scores[row], _labels[row]) = (row, -scores[sample.Rows[row]], labels[sample.Rows[row]]);
            Array.Sort(_scores, _order);
        }

        internal int Rows => _order.Length;

        internal (double RocAuc, double PrAuc) Figures(int[] weights)
        {
            (double wins, double precisions) = (0, 0);
            (double positivesAbove, double rowsAbove) = (0, 0);
            for (int place = 0; place < _order.Length;)
            {
                (double positives, double negatives) = (0, 0);
                float score = _scores[place];
                for (; place < _order.Length && _scores[place] == score; place++)
                {
                    int row = _order[place];
                    if (_labels[row])
                        positives += weights[row] * _stoodFor[row];
                    else
                        negatives += weights[row] * _stoodFor[row];
                }

                wins += negatives * (positivesAbove + (positives / 2));
                positivesAbove += positives;
                rowsAbove += positives + negatives;
                if (positives > 0)
                    precisions += positives * (positivesAbove / rowsAbove);
            }

            double allNegatives = rowsAbove - positivesAbove;
            return (
                positivesAbove == 0 || allNegatives == 0 ? double.NaN : wins / (positivesAbove * allNegatives),
                positivesAbove == 0 ? double.NaN : precisions / positivesAbove);
        }
    }
}
