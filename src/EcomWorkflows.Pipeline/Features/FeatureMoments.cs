namespace EcomWorkflows.Pipeline.Features;

/// <summary>What describes a feature, collected chunk by chunk.</summary>
internal sealed class FeatureMoments
{
    /// <summary>Values that are not null; NaN, which is no number, counts here and nowhere else.</summary>
    public long Count { get; private set; }

    public double Sum { get; private set; }

    public double Squares { get; private set; }

    /// <summary>The least; null without a number. Likewise <see cref="Max"/>.</summary>
    public double? Min { get; private set; }

    public double? Max { get; private set; }

    /// <summary>The numbers of the rows chosen.</summary>
    public List<double> Sample { get; } = [];

    /// <param name="valid">A bit for each value, 1 where it is not null; empty where all are not.</param>
    /// <param name="sampled">1 for rows that belong to the sample.</param>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<ulong> valid, ReadOnlySpan<byte> sampled)
    {
        var (count, sum, squares) = (0L, 0.0, 0.0);
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var row = 0; row < values.Length; row++)
        {
            if (!valid.IsEmpty && (valid[row >> 6] & (1UL << (row & 63))) == 0)
                continue;
            count++;
            var value = values[row];
            if (double.IsNaN(value))
                continue;
            sum += value;
            squares += value * value;
            min = value < min ? value : min;
            max = value > max ? value : max;
            if (sampled[row] != 0)
                Sample.Add(value);
        }
        (Count, Sum, Squares) = (Count + count, Sum + sum, Squares + squares);
        if (min <= max)
            (Min, Max) = (Math.Min(Min ?? min, min), Math.Max(Max ?? max, max));
    }
}
