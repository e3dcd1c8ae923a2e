using System.Collections;

namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>
/// Some rows of a large table. The rarer label stays whole as long as it fills no more than half of the sample, and only the other is thinned, evenly: of few positives none is lost.
/// </summary>
/// <param name="Rows">Row numbers, rising.</param>
/// <param name="Weights">How many rows of its label each stands for; they add up to the rows of the table, label by label.</param>
internal sealed record LabelSample(int[] Rows, double[] Weights)
{
    /// <param name="most">Rows of the sample.</param>
    /// <param name="whole">Rows that are kept in any case, fewer than <paramref name="most"/>; null for none.</param>
    internal static LabelSample Of(ReadOnlySpan<bool> labels, int most, BitArray? whole = null)
    {
        (int positives, int negatives) = (0, 0);
        for (int row = 0; row < labels.Length; row++)
        {
            if (whole is not null && whole[row])
                most--;
            else if (labels[row])
                positives++;
            else
                negatives++;
        }

        int keptPositives = Math.Min(positives, Math.Max(most / 2, most - negatives));
        var ofPositives = new Thinning(positives, keptPositives);
        var ofNegatives = new Thinning(negatives, Math.Min(negatives, most - keptPositives));
        var rows = new List<int>();
        var weights = new List<double>();
        for (int row = 0; row < labels.Length; row++)
        {
            bool always = whole is not null && whole[row];
            Thinning own = labels[row] ? ofPositives : ofNegatives;
            if (!always && !own.Takes())
                continue;
            rows.Add(row);
            weights.Add(always ? 1 : own.Weight);
        }

        return new LabelSample([.. rows], [.. weights]);
    }

    /// <summary>Takes so many of so many rows, evenly.</summary>
    private sealed class Thinning(int all, int kept)
    {
        // Rows seen × kept, less all × those taken.
        private long _rest;

        internal double Weight => (double)all / kept;

        internal bool Takes()
        {
            _rest += kept;
            if (_rest < all)
                return false;
            _rest -= all;
            return true;
        }
    }
}
